import { expect, test } from 'vitest';
import { shown } from '../../src/cli/outlet.ts';
import { paintFor } from '../../src/cli/print/paint.ts';
import { printable, printableJson } from '../../src/errors.ts';

const hostile = [
  ['\u001b[2J', '\\x1b[2J'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['a\rb', 'a\\x0db'],
  ['a\bb\u007f', 'a\\x08b\\x7f'],
  ['abc\u202egnp.exe', 'abc\\u{202e}gnp.exe'],
  ['ker\u200bnel\u2066\ufeff', 'ker\\u{200b}nel\\u{2066}\\u{feff}'],
  ['a\u2028b', 'a\\u{2028}b'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
] as const;

test.each(hostile)('%j is shown as %j, with colours or without', (text, words) => {
  expect(printable(text)).toBe(words);
  expect(shown(text, false)).toBe(words);
  expect(shown(text, true)).toBe(words);
});

test.each(hostile)('%j stays what it is in JSON, and is safe to print there', (text) => {
  const json = printableJson({ text, list: [text] });
  expect(printable(json)).toBe(json);
  expect(JSON.parse(json)).toEqual({ text, list: [text] });
});

test('what people write stays as it is', () => {
  const text = 'Zürich\t→ “✔” 日本語 🦀\n● running';
  expect([printable(text), shown(text, false), JSON.parse(printableJson(text))]).toEqual([text, text, text]);
});

test('our own colours stay where colours are, and nowhere else; a screen is never moved', () => {
  const red = paintFor({ isTTY: true }, {})('red', 'x');
  expect(shown(red, true)).toBe('\u001b[31mx\u001b[39m');
  expect(shown(red, false)).toBe('\\x1b[31mx\\x1b[39m');
  expect(shown('\u001b[31;5m\u001b[8A\u001b[?1049h', true)).toBe('\\x1b[31;5m\\x1b[8A\\x1b[?1049h');
});
