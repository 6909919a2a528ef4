import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allLaws } from './walk/laws/laws.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

it.each(allLaws.map((law) => [law]))('docs/rules.md names the law: %s', (law) => {
  expect(page).toContain(law);
});
