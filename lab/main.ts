import { conduct } from './conduct.ts';
import type { Experiment, Result } from './experiment.ts';
import { experiments } from './experiments.ts';
import { type Asked, parseAsked } from './options.ts';
import { writePage } from './page.ts';
import { machine, type Recorded, record, recorded } from './record.ts';

/**
 * Runs what was asked for. A full run tries each deliberate defect too, and writes what came out to docs/reliability.md; so does one that tries a
 * defect alone, where its experiment was recorded before. 1: a promise was broken, or a defect not caught.
 */
async function lab(words: readonly string[]): Promise<number> {
  const asked = parseAsked(words, experiments);
  if (asked.page) {
    tellAll();
    return 0;
  }
  let status = 0;
  for (const experiment of experiments.filter(({ name }) => asked.names.length === 0 || asked.names.includes(name)))
    if (!(await one(experiment, asked, words))) status = 1;
  return status;
}

/** Whether it came out as it should. */
async function one(experiment: Experiment, asked: Asked, words: readonly string[]): Promise<boolean> {
  const obstacle = await experiment.obstacle(asked.size);
  console.log(`\n── ${experiment.name}: ${experiment.promise}`);
  if (obstacle !== null) {
    console.log(`   cannot be run here: ${obstacle}`);
    return true;
  }
  if (asked.defect !== null) {
    const outcome = await tried(experiment, asked, asked.defect);
    if (asked.size === 'full' && !asked.plain) recordDefect(experiment.name, outcome);
    return outcome.caught !== null;
  }
  const since = performance.now();
  const result = await conduct(experiment, { ...asked, say });
  const seconds = (performance.now() - since) / 1_000;
  show(result, asked);
  if (asked.size === 'short' || asked.plain) return result.violations.length === 0;
  const { name, promise } = experiment;
  const command = `npm run lab -- ${name}${withoutNames(words, asked)} --seed ${asked.seed}`;
  const date = new Date().toISOString().slice(0, 10);
  const defects: Recorded['defects'][number][] = [];
  // what was measured is not lost with whoever ends us while the defects are tried
  const keep = () => {
    record({ name, promise, date, command, seconds, machine: machine(), ...result, defects });
    tellAll();
  };
  keep();
  for (const defect of Object.keys(experiment.defects)) {
    defects.push(await tried(experiment, asked, defect));
    keep();
  }
  return result.violations.length === 0 && defects.every(({ caught }) => caught !== null);
}

const tellAll = (): void => writePage(recorded(experiments.map(({ name }) => name)));

/** A defect that was tried alone stands in the place of its last trial; nowhere, where its experiment was never recorded. */
function recordDefect(name: string, outcome: Recorded['defects'][number]): void {
  const [before] = recorded([name]);
  if (before === undefined) return;
  const others = before.defects.filter((one) => one.name !== outcome.name);
  record({ ...before, defects: [...others, outcome] });
  tellAll();
}

/** The same experiment in its short form, on a program that is broken on purpose. */
async function tried(experiment: Experiment, asked: Asked, defect: string) {
  const { words = '', rounds = null, size = 'short' } = experiment.defects[defect] ?? {};
  const how = { ...asked, size, rounds: asked.defect === null ? rounds : (asked.rounds ?? rounds) };
  const { violations } = await conduct(experiment, { ...how, defect, say: asked.defect === null ? () => {} : say });
  const caught = violations[0] ?? null;
  console.log(
    `   defect ${defect} (${words}): ${caught === null ? 'NOT CAUGHT' : `caught ${violations.length} times: ${caught}`}`,
  );
  return { name: defect, words, caught };
}

function show({ figures, violations, left = [] }: Result, { seed }: Asked): void {
  const width = Math.max(0, ...figures.map(({ what }) => what.length));
  for (const { what, value, goal } of figures)
    console.log(
      `   ${what.padEnd(width)}  ${value}${goal === undefined ? '' : `  (goal ${goal.words}: ${goal.met ? 'met' : 'missed'})`}`,
    );
  for (const line of left) console.log(`   not done here: ${line}`);
  for (const violation of violations) console.log(`   BROKEN: ${violation}`);
  console.log(`   ${violations.length === 0 ? 'held' : `broken ${violations.length} times`}; seed ${seed}`);
}

const withoutNames = (words: readonly string[], { names }: Asked): string =>
  words
    .filter((word, index) => !names.includes(word) && word !== '--seed' && words[index - 1] !== '--seed')
    .map((word) => ` ${word}`)
    .join('');

const say = (line: string): void => console.log(`   ${line}`);

process.exitCode = await lab(process.argv.slice(2));
process.exit();
