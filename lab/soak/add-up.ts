import type { Figure, Result } from '../experiment.ts';

/** The row that names the runs whose figures stand in the other rows. */
const RUNS = 'runs that are added up here, by their seeds';

/**
 * A soak may be run in pieces: the figures of this run are added to those that were recorded before, unless the recorded ones hold a
 * run of this seed already: then it begins anew, as it does where the record (lab/results/soak.json) was removed.
 */
export function addUp(former: Result | null, fresh: Result, seed: number, goal: number): Result {
  const runs = String(former?.figures.find(({ what }) => what === RUNS)?.value ?? '')
    .split(', ')
    .filter(Boolean);
  const isKnown = runs.some((run) => run === String(seed));
  const before = isKnown ? null : former;
  const figures = fresh.figures.map((figure) => withGoal(added(figure, before), goal));
  const names = before === null ? [seed] : [...runs, seed];
  return {
    figures: [...figures, { what: RUNS, value: names.join(', ') }],
    violations: [...(before?.violations ?? []), ...fresh.violations],
  };
}

function added({ what, value, goal }: Figure, before: Result | null): Figure {
  const former = before?.figures.find((one) => one.what === what)?.value ?? 0;
  const sum = typeof value === 'number' && typeof former === 'number' ? value + former : value;
  return { what, value: sum, ...(goal && { goal }) };
}

/** What is to be none has to be none in all of them; the kills are counted over all. */
function withGoal({ what, value, goal }: Figure, kills: number): Figure {
  if (goal === undefined || typeof value !== 'number') return { what, value };
  return goal.words === '0'
    ? { what, value, goal: { words: '0', met: value === 0 } }
    : { what, value, goal: { words: `${kills}`, met: value >= kills } };
}
