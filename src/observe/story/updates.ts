import { clockWords } from '../words/time.ts';
import { add, between, type Draft, endWait, over, startWait } from './chapter.ts';
import { because, downFor, type HistoryLine, numberOf, releaseOf, textOf, timeOf } from './line.ts';

/** What an event says of the update that it belongs to. */
export type Telling = (draft: Draft, line: HistoryLine) => void;

const inBlock = (line: HistoryLine): string => {
  const block = numberOf(line, 'block');
  return block === null ? '' : ` in block ${block}`;
};

/** Of an operator's gates (docs/configuration.md, "Gates"): reads on after "waited … for". */
const gates: Readonly<Record<string, string>> = {
  chain: 'the chain',
  window: 'its maintenance window',
  minAge: 'its minimum age',
  rollout: 'its turn in the rollout',
  metric: 'its metric',
  fleetLock: 'its slot of the fleet',
  drain: 'its drain command',
};

const gateOf = (line: HistoryLine): string => gates[textOf(line, 'gate') ?? ''] ?? 'a gate';

export const ofUpdates: Readonly<Record<string, Telling>> = {
  pending: (draft, line) => add(draft, line, `named for the next runtime${inBlock(line)}`),
  announced: (draft, line) => {
    const older = textOf(line, 'downgrade');
    const words = older === null ? '' : `, though it is older: ${older}`;
    const after = draft.steps.length === 0 ? '' : ` after ${between(timeOf(draft.first), timeOf(line))}`;
    endWait(draft, line);
    add(draft, line, `named${inBlock(line)}${after}${words}`);
    if (older === 'refused') over(draft, 'ill');
  },
  pinned: (draft, line) => add(draft, line, 'pinned by a person'),
  configured: (draft, line) => add(draft, line, 'the args file was edited'),
  waits: (draft, line) => startWait(draft, line, `what it lacks: ${textOf(line, 'reason') ?? 'unknown'}`),
  gateWaits: (draft, line) => startWait(draft, line, `${gateOf(line)} (${textOf(line, 'reason') ?? 'unknown'})`),
  gateOverridden: (draft, line) => {
    endWait(draft, line);
    add(draft, line, `went in spite of ${gateOf(line)}${because(line)}`);
  },
  approved: (draft, line) => {
    endWait(draft, line);
    add(draft, line, `approved by a person after ${between(timeOf(draft.last), timeOf(line))}`);
  },
  disapproved: (draft, line) => add(draft, line, 'the approval was taken back'),
  fetchFailed: (draft, line) => {
    draft.failedFetches += 1;
    const words = `could not be fetched${draft.failedFetches === 1 ? '' : ` (${draft.failedFetches} times)`}${because(line)}`;
    if (draft.failedFetches > 1) draft.steps.pop();
    add(draft, line, words);
  },
  fetched: (draft, line) => {
    if (draft.waits?.what.startsWith('what it lacks') === true) endWait(draft, line);
    draft.deployment = textOf(line, 'deployment') ?? draft.deployment;
    const verb = draft.checksum === null ? 'laid out' : 'fetched and proved';
    const ahead = line['ahead'] === true ? ' ahead of its runtime,' : '';
    if (!draft.isFetched) add(draft, line, `${verb}${ahead} in ${between(timeOf(draft.first), timeOf(line))}`);
    draft.isFetched = true;
  },
  migrating: (draft, line) => {
    endWait(draft, line);
    draft.startedAt = timeOf(line);
    draft.last = line;
  },
  migrated: (draft, line) => {
    add(draft, line, `its data backed up and migrated in ${between(draft.startedAt ?? timeOf(line), timeOf(line))}`);
    draft.startedAt = null;
  },
  migrationFailed: (draft, line) => {
    add(draft, line, `its data could not be migrated${because(line)}`);
    draft.outcome = 'ill';
  },
  restored: (draft, line) => add(draft, line, 'the data of before are back in their place'),
  restoreFailed: (draft, line) =>
    add(draft, line, `the data of before are not yet back in their place${because(line)}`),
  started: (draft, line) => {
    endWait(draft, line);
    draft.deployment = textOf(line, 'deployment');
    const verb =
      draft.startedAt === null ? (numberOf(line, 'downtime') === null ? 'started' : 'switched') : 'started again';
    draft.startedAt = timeOf(line);
    add(draft, line, `${verb}${downFor(line)}`);
  },
  committed: (draft, line) => {
    const since = draft.startedAt === null ? '' : ` after ${between(draft.startedAt, timeOf(line))}`;
    add(draft, line, `committed${since}`);
    over(draft, 'well');
  },
  failed: (draft, line) => {
    const since = draft.startedAt === null ? '' : ` after ${between(draft.startedAt, timeOf(line))}`;
    add(
      draft,
      line,
      `failed${since}${because(line)}${line['wayBack'] === false ? ' (there is no way back: it stays)' : ''}`,
    );
    draft.outcome = 'ill';
  },
  quarantined: (draft, line) => {
    const until = textOf(line, 'retryAt');
    const tries = numberOf(line, 'attempts') ?? 1;
    const tried = tries > 1 ? ` (tried ${tries} times)` : '';
    add(draft, line, `kept out until ${until === null ? 'a person says retry' : clockWords(until)}${tried}`);
    draft.outcome = 'ill';
  },
  rolledBack: (draft, line) => {
    const by = textOf(line, 'by');
    const why = by === 'person' ? ', as a person said' : by === 'lost bytes' ? ', as its bytes were lost' : '';
    draft.backTo = textOf(line, 'deployment');
    add(draft, line, `back to ${releaseOf(line)}${why}`);
    draft.outcome = 'ill';
  },
  recalled: (draft, line) => {
    draft.backTo = textOf(line, 'deployment');
    add(draft, line, `recalled, as something else is named: back to ${releaseOf(line)}`);
    draft.outcome = 'plain';
  },
  withdrawn: (draft, line) => {
    endWait(draft, line);
    add(draft, line, `no longer named${inBlock(line)}`);
    over(draft, 'plain');
  },
};

/** What it went back to is up. */
export function cameBack(draft: Draft, line: HistoryLine): void {
  add(draft, line, `which is up again${downFor(line)}`);
  over(draft, draft.outcome);
}
