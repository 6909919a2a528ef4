import { setTimeout as pause } from 'node:timers/promises';
import type { ClientConfig } from '../../config/settings.ts';
import type { RedeemStatus } from '../../core/instance-status.ts';
import type { Notice } from '../../core/notices/notice.ts';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { readLeast } from '../../probe/reading.ts';
import { loadKnown, saveKnown } from '../../store/state-redeem.ts';
import { createSignal } from '../instance/cell.ts';
import { criticalWords, isCritical } from './alarm.ts';
import { differs, type Hours, heard, type Known, leftOf, rounded } from './hours.ts';
import { redeemStatus } from './redeem-status.ts';
import { createTrouble } from './trouble.ts';

/** Between two readings: a minute, or less where a client is proved sooner than in five. */
const everyOf = (minHealthyTime: Millis): Millis => Math.max(20, Math.min(60_000, minHealthyTime / 5));

export interface Redeeming {
  config(): ClientConfig;
  /** Path of the record. */
  readonly record: string;
  readonly log: Log;
  notice(notice: Notice): void;
  clock: { now(): Millis; drift(): Millis };
  /** The process of a client that is committed, healthy and up. */
  serving(): number | null;
}

/**
 * Knows the money: remembers how many hours are left until the client's first payment is due, and says so when nothing healthy serves
 * meanwhile. It reads and tells; what it knows shortens a rest and stops nothing.
 */
export interface RedeemWatch {
  /** Whether a rest of the client should be as short as it can be. */
  isCritical(): boolean;
  status(): RedeemStatus | null;
  /** The file may say something else. */
  revised(): void;
  /** Resolves when nothing of it is going on any more, after its signal was aborted. */
  ended(): Promise<void>;
}

export function watchRedeem(on: Redeeming, signal: AbortSignal): RedeemWatch {
  const bell = createSignal(0);
  const tell = createTrouble(on.log);
  let hours: Hours = { known: null, suspect: null };
  let saved: Known | null = null;
  let goneSince: Millis | null = null;
  let critical = false;

  const alarm = () => on.config().alarms.hoursToRedeem;

  async function run(): Promise<void> {
    saved = await loadKnown(on.record);
    hours = { known: saved, suspect: null };
    while (!signal.aborted) {
      const pid = on.serving();
      goneSince = pid === null ? (goneSince ?? on.clock.now()) : null;
      if (pid !== null) await read(pid);
      judge();
      await rest();
    }
  }

  /** Until it is time to look again, the file says something else, or the instance ends. */
  async function rest(): Promise<void> {
    const over = new AbortController();
    const leave = () => over.abort();
    signal.addEventListener('abort', leave, { once: true });
    const asked = bell.changed(over.signal);
    const time = alarm() === null ? null : everyOf(on.config().health.minHealthyTime);
    const due = time === null ? asked : pause(time, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([asked, due]);
    signal.removeEventListener('abort', leave);
    over.abort();
  }

  async function read(pid: number): Promise<void> {
    const asked = alarm();
    if (asked === null) return;
    const reading = await readLeast(asked, pid, signal).catch(sentenceOf);
    const doubts = { below: asked.below, standing: 3 * on.config().health.minHealthyTime };
    const { trouble, ...next } = heard(hours, reading, on.clock.now(), doubts);
    tell.reading(trouble);
    hours = next;
    const { known } = next;
    if (known === null || !differs(saved, known)) return;
    const refused = await saveKnown(on.record, known).then(() => null, sentenceOf);
    tell.saving(refused);
    if (refused === null) saved = known;
  }

  function judge(): void {
    const now = on.clock.now();
    const { known } = hours;
    const rules = { below: alarm()?.below ?? 0, minHealthyTime: on.config().health.minHealthyTime };
    const is = isCritical(known, { goneSince }, rules, now);
    if (is === critical || known === null) return;
    critical = is;
    const left = rounded(leftOf(known, now));
    if (is) on.notice({ event: 'redeemEndangered', hours: left, reason: criticalWords(known, now) });
    else on.notice({ event: 'redeemSafe', hours: left });
  }

  const ended = run().catch((error: unknown) => {
    if (!signal.aborted)
      on.log.error(
        { reason: sentenceOf(error) },
        'the watch on the hours to redeem broke; this is a bug, please report it',
      );
  });

  return {
    isCritical: () => critical,
    status: () => (alarm() === null || hours.known === null ? null : redeemStatus(hours.known, critical, on.clock)),
    revised: () => bell.set(bell.get() + 1),
    ended: () => ended,
  };
}
