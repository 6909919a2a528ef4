import { oneLine, short } from './pieces.ts';
import { spanWords } from './time.ts';

/** A line of an instance's history, as far as it can be relied on: it was read from a disk. */
export interface Line {
  readonly at?: unknown;
  readonly network?: unknown;
  readonly client?: unknown;
  readonly event?: unknown;
  readonly [detail: string]: unknown;
}

/** `good`: as it should be. `bad`: it failed. `care`: look at it some time. `plain`: so it goes. */
export type Tone = 'good' | 'bad' | 'care' | 'plain';

export interface Story {
  readonly tone: Tone;
  readonly words: string;
}

/** What a line of the history says to a person, in one sentence; of an event that is not known here its name and reason. */
export function storyOf(line: Line): Story {
  const tell = stories[String(line.event)];
  const [tone, words] = tell === undefined ? ['plain' as const, `${line.event}`] : tell(line);
  const why = tellsWhy.has(String(line.event)) && typeof line['reason'] === 'string' ? `: ${line['reason']}` : '';
  return { tone, words: oneLine(`${words}${why}`) };
}

type Tell = (line: Line) => readonly [Tone, string];

const tells =
  (tone: Tone, words: (line: Line) => string): Tell =>
  (line) => [tone, words(line)];

/** Its version is enough for a sentence; the line itself has the checksum. */
const what = ({ version, checksum, deployment }: Line): string => {
  if (typeof version === 'string') return version;
  if (typeof checksum === 'string') return short(checksum);
  return typeof deployment === 'string' ? `deployment ${deployment.slice(0, 12)}` : 'a release';
};
const span = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : spanWords(ms));
const downtime = ({ downtime: gone }: Line): string =>
  typeof gone === 'number' ? `; nothing ran for ${span(gone)}` : '';
const after = ({ uptime }: Line): string => (typeof uptime === 'number' ? ` after ${span(uptime)}` : '');
const until = (time: unknown): string =>
  typeof time === 'string' ? ` until ${time.slice(0, 16).replace('T', ' ')} UTC` : '';
const inBlock = ({ block }: Line): string => (typeof block === 'number' ? `, in block ${block}` : '');
const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : '');

/** Their `reason` stands at the end of the sentence. */
const tellsWhy = new Set([
  'waits',
  'fetchFailed',
  'exited',
  'failed',
  'quarantined',
  'unhealthy',
  'migrationFailed',
  'restoreFailed',
  'alarm',
  'gateWaits',
  'gateOverridden',
  'redeemEndangered',
]);

const stories: Readonly<Record<string, Tell>> = {
  announced: tells('plain', (l) => `The source names ${what(l)}${inBlock(l)}`),
  pending: tells('plain', (l) => `${what(l)} is pending for the next runtime${inBlock(l)}`),
  withdrawn: tells('plain', (l) => `The source no longer names ${what(l)}`),
  waits: tells('care', (l) => `${what(l)} cannot come yet`),
  decoded: tells('plain', (l) => `Block ${l['block']} was read for what it says of the release`),
  runtime: tells('plain', (l) => `The chain has runtime ${l['specVersion']}`),
  fetched: tells(
    'plain',
    (l) => `${what(l)} is proved and lies ready${l['ahead'] === true ? ', ahead of its runtime' : ''}`,
  ),
  fetchFailed: tells('care', (l) => `${what(l)} could not be fetched`),
  stopped: tells('plain', (l) => `${what(l)} was asked to leave, and left${after(l)}`),
  started: tells('plain', (l) => `${what(l)} was started${downtime(l)}`),
  restarted: tells('plain', (l) => `${what(l)} was started again`),
  exited: tells('bad', (l) => `${what(l)} left by itself${after(l)}`),
  committed: tells('good', (l) => `${what(l)} passed its probation and is committed`),
  healthy: tells('good', (l) => `${what(l)} is healthy again`),
  failed: tells('bad', (l) => `${what(l)} failed`),
  quarantined: tells('bad', (l) => `${what(l)} is in quarantine${until(l['retryAt'])}`),
  rolledBack: tells('care', (l) => `Back to ${what(l)}`),
  unhealthy: tells('bad', (l) => `${what(l)} is unhealthy`),
  migrating: tells('plain', (l) => `The data are backed up and migrated for ${what(l)}`),
  migrated: tells('good', (l) => `The data are migrated for ${what(l)}`),
  migrationFailed: tells('bad', (l) => `The migration of the data for ${what(l)} failed`),
  restored: tells('care', () => 'The backup of the data is back in its place'),
  restoreFailed: tells('bad', () => 'The backup of the data could not be put back yet'),
  approved: tells('plain', (l) => `A person approved ${what(l)}`),
  disapproved: tells('plain', (l) => `A person took back the yes to ${what(l)}`),
  recalled: tells('care', (l) => `The trial was called off; back to ${what(l)}`),
  spoiled: tells('bad', (l) => `The program of ${what(l)} was missing or damaged`),
  alarm: tells('bad', (l) => `Alarm (${l['about']})`),
  gateWaits: tells('plain', (l) => `${what(l)} waits`),
  gateOverridden: tells('care', (l) => `${what(l)} goes although its gate ${l['gate']} is not open`),
  orphan: tells('care', (l) =>
    l['action'] === 'adopted'
      ? 'A supervisor that died had left a client: adopted'
      : `Processes of a client were left over from before: ${l['action']}`,
  ),
  guardPassed: tells('good', () => 'Its account was quiet: it may start on this machine'),
  guardRefused: tells('bad', () => 'Another one signs with its account: it is not started'),
  guardSkipped: tells('care', (l) => `${l['by']} had it started without watching its account`),
  redeemEndangered: tells('bad', () => 'A payment is in danger'),
  redeemSafe: tells('good', () => 'No payment is in danger any more'),
  signedElsewhere: tells('bad', () => 'Its account signed while it was down: a copy of it runs elsewhere'),
  stranger: tells('bad', (l) =>
    `A client of its account that others started: ${l['action']} ${list(l['who'])}`.trimEnd(),
  ),
  configured: tells('plain', () => 'The args file says something else of it'),
  asked: tells('plain', (l) => askedWords[String(l['to'])] ?? `A person asked for it to be ${l['to']}`),
  held: tells('plain', (l) => `A person holds the switches${until(l['until'])}`),
  resumed: tells('plain', () => 'The hold is over'),
  pinned: tells('plain', (l) => `A person pinned ${what(l)}`),
  unpinned: tells('plain', () => 'The pin is over'),
  forgiven: tells('plain', (l) =>
    typeof l['checksum'] === 'string' ? `A person let ${short(l['checksum'])} in again` : 'A person let all in again',
  ),
};

const askedWords: Readonly<Record<string, string>> = {
  stopped: 'A person stopped it',
  started: 'A person started it',
  restarted: 'A person restarted it',
  rejected: 'A person asked for the release before',
};

/** The events that have a sentence of their own. */
export const toldEvents: readonly string[] = Object.keys(stories);
