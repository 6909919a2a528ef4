/**
 * Shows that the walk and the unit tests of the core can fail: each deliberate error must be noticed by one of them.
 * `npm run mutations`, or `npm run mutations -- WORDS` for those whose name holds the words. Ends 1 if one is not noticed.
 */
import { changes } from './mutations/changes.ts';
import { breed, noticedByTests, noticedByWalk } from './mutations/mutant.ts';

const words = process.argv.slice(2).join(' ');
const chosen = changes.filter(({ what }) => what.includes(words));
const began = performance.now();
const noticed = { byWalk: 0, byTests: 0, byBoth: 0 };
const unseen: string[] = [];

for (const change of chosen) {
  const { folder, end } = breed(change);
  const law = await noticedByWalk(folder);
  const test = noticedByTests(folder);
  end();
  if (law) noticed.byWalk += 1;
  if (test) noticed.byTests += 1;
  if (law && test) noticed.byBoth += 1;
  if (!law && !test) unseen.push(change.what);
  console.log(`${law || test ? 'noticed ' : 'NOT SEEN'} ${change.what}`);
  if (law) console.log(`  walk: ${law}`);
  if (test) console.log(`  test: ${test}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
const { byWalk, byTests, byBoth } = noticed;
console.log(
  `${chosen.length - unseen.length} of ${chosen.length} noticed: ${byWalk} by the walk, ${byTests} by unit tests, ${byBoth} by both; ${seconds} s`,
);
process.exitCode = unseen.length === 0 ? 0 : 1;
