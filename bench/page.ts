import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const BEGIN = '<!-- begin: written by npm run bench -- --page -->';
const END = '<!-- end -->';

/** Puts what was just measured into docs/benchmarks.md; the rest of the page is written by people. */
export function writePage(figures: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/benchmarks.md has lost the marks between which figures stand');
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${figures}\n${page.slice(end)}`);
}
