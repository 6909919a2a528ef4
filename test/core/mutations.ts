/**
 * Shows that the walk and the unit tests of the core can fail: each deliberate error must be noticed by one of them.
 * `npm run mutations`, or `npm run mutations -- WORDS` for those whose name holds the words. Ends 1 if one is not noticed.
 */
import { changes } from './mutations/changes.ts';
import { breed, noticedByTests, noticedByWalk } from './mutations/mutant.ts';

/** States of each scenario: most errors show among a few, and then the unit tests are asked before many are walked. */
const FEW = 3_000;
const MANY = 30_000;

const words = process.argv.slice(2).join(' ');
const chosen = changes.filter(({ what }) => what.includes(words));
const began = performance.now();
let byWalk = 0;
const unseen: string[] = [];

for (const change of chosen) {
  const { folder, end } = breed(change);
  const early = await noticedByWalk(folder, FEW);
  const test = early === null ? noticedByTests(folder) : null;
  const law = early ?? (test === null ? await noticedByWalk(folder, MANY) : null);
  end();
  if (law !== null) byWalk += 1;
  if (law === null && test === null) unseen.push(change.what);
  console.log(`${(law ?? test) ? 'noticed ' : 'NOT SEEN'} ${change.what}`);
  console.log(law === null ? `  test: ${test}` : `  walk: ${law}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
const seen = chosen.length - unseen.length;
console.log(
  `${seen} of ${chosen.length} noticed: ${byWalk} by the walk, ${seen - byWalk} by the unit tests alone; ${seconds} s`,
);
process.exitCode = unseen.length === 0 ? 0 : 1;
