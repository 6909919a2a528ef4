import { expect, test } from 'vitest';
import { errorsPage } from '../scripts/reference/errors.ts';
import { readWords } from '../scripts/reference/literals.ts';

// That docs/reference is current, `npm run ok` holds; here, that what reads the sources reads them right.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are the texts that are read
test.each([
  ["'plain', next", 'plain', 'next'],
  ["'it\\'s', next", "it's", 'next'],
  ['`to ${name}\nor not`,\n  next', 'to …\nor not', 'next'],
  ['`${list.map(({ a }) => `${a} {`).join()} stay`, next', '… stay', 'next'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
])('words of a source: %s', (text, words, next) => {
  const read = readWords(text, 0);
  expect(read?.words).toBe(words);
  expect(text.slice(read?.end)).toBe(next);
});

test('what is no text has no words', () => {
  expect(readWords('sentence', 0)).toBeNull();
  expect(readWords('', 0)).toBeNull();
});

test('an error that the sources speak stands in its own section, with what to do next', () => {
  const config =
    errorsPage()
      .text.split('\n## ')
      .find((part) => part.startsWith('78 config')) ?? '';
  expect(config).toContain(
    '| the program flock is missing, and without it nothing keeps a second client from being started | Install util-linux',
  );
});
