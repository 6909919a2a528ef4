/**
 * The deep form of the walk: every scenario with its larger budget, and every table of good and sick.
 * `npm run walk`, or `npm run walk -- WORDS` for the scenarios whose name holds the words. Ends 1 if a law is broken.
 */
import { loadCore } from './core.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { everyTable } from './scenarios/tables.ts';
import { walk } from './walk.ts';

const core = await loadCore(new URL('../../../src/core/', import.meta.url));
const args = process.argv.slice(2);
const isQuick = args.includes('--quick');
const words = args.filter((arg) => arg !== '--quick').join(' ');
const deepened = (s: Scenario): Scenario => ({ ...s, budget: { ...s.budget, ...(isQuick ? {} : s.deep) } });
const tables = isQuick ? [] : everyTable({ names: 2, edits: 1, runtimes: 1, deaths: 1 });
const total = { states: 0, transitions: 0, broken: 0 };
const began = performance.now();

for (const scenario of [...scenarios.map(deepened), ...tables].filter(({ name }) => name.includes(words))) {
  const since = performance.now();
  const { states, transitions, findings } = walk(core, scenario);
  total.states += states;
  total.transitions += transitions;
  total.broken += findings.length;
  const ms = `${Math.round(performance.now() - since)} ms`;
  console.log(scenario.name.padEnd(40), `${states} states, ${transitions} transitions, ${ms}`);
  for (const f of findings) console.log(`  ! ${f.law}\n    ${f.trace.join(' · ')}\n    ${f.value}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${total.states} states, ${total.transitions} transitions, ${seconds} s, ${total.broken} broken laws`);
process.exitCode = total.broken === 0 ? 0 : 1;
