import type { Notice } from '../../core/notices/notice.ts';
import type { Millis } from '../../core/release.ts';
import type { Log } from '../../log.ts';
import { openHistory } from '../../store/history.ts';

/** Tells what happened to an instance: to its log, its history, and whoever observes. */
export interface Teller {
  notice(notice: Notice): void;
  /** Resolves when all that was told is in the history, as far as its disk takes it. */
  written(): Promise<unknown>;
}

export interface Telling {
  readonly network: string;
  readonly client: string;
  /** Path of the history. */
  readonly history: string;
  readonly log: Log;
  /** By how much the wall clock, which people go by, is ahead of ours. */
  drift(): Millis;
  /** The same without the client's secrets. */
  quiet(notice: Notice): Notice;
  /** `line`: what of it stands in the history. */
  observe(notice: Notice, line: object): void;
}

export function createTeller({ network, client, history, log, drift, quiet, observe }: Telling): Teller {
  const file = openHistory(history);
  let written: Promise<unknown> = Promise.resolve();
  let isLost = false;
  const tellLost = (isKept: boolean) => {
    if (isLost !== isKept) return;
    isLost = !isKept;
    if (isLost) log.warn({ path: history }, 'the history cannot be written: what happens until it can will be missing');
    else log.info({ path: history }, 'the history is written again');
  };
  return {
    notice(spoken) {
      // which event it is stays what it is, though a secret be a word of it: by that others are told
      const notice = { ...quiet(spoken), event: spoken.event } as Notice;
      log[levelOf(notice)](notice, sentence(notice));
      const line = { at: new Date().toISOString(), network, client, ...readable(notice, drift()) };
      observe(notice, line);
      written = file.append(line).then(tellLost);
    },
    written: () => written,
  };
}

/** What somebody should look at, though nobody need get up. */
const alarming = new Set([
  'failed',
  'quarantined',
  'rolledBack',
  'exited',
  'unhealthy',
  'spoiled',
  'alarm',
  'fetchFailed',
  'orphan',
  'guardSkipped',
  'stranger',
]);

/** What somebody should get up for: money may be lost. */
const critical = new Set(['guardRefused', 'signedElsewhere', 'redeemEndangered']);

function levelOf(notice: Notice): 'info' | 'warn' | 'error' {
  if (critical.has(notice.event)) return 'error';
  return alarming.has(notice.event) || 'downgrade' in notice ? 'warn' : 'info';
}

/** The history's own form of it: times as ISO texts. */
function readable({ event, ...details }: Notice, drift: Millis): object {
  const times = Object.entries(details).map(([key, value]) => [
    key,
    (key === 'retryAt' || key === 'until') && typeof value === 'number' ? new Date(value + drift).toISOString() : value,
  ]);
  return { event, ...Object.fromEntries(times) };
}

const sentence = ({ event, version, checksum }: Notice): string =>
  [event, version ?? (typeof checksum === 'string' ? checksum.slice(0, 10) : null)].filter(Boolean).join(' ');
