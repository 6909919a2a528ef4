import type { Millis } from '../../core/release.ts';
import type { Log } from '../../log.ts';
import { isRecorded, type RecordKeeper } from '../child-record.ts';
import { bootId, machineTime } from '../machine.ts';
import { type Process, startedAt } from '../who/processes.ts';
import { sendTo, sendToGroupOf } from '../who/signal.ts';
import type { Stop } from './stop-rule.ts';

export interface EvictionRequest {
  readonly identity: string;
  readonly locks: readonly string[];
  readonly stop: Stop;
  readonly log: Log;
}

/** Ends what is ours, one look after the other: each step does what is due now and says how long until more is. */
export interface Eviction {
  /** @returns the rest of the grace: 0 when it is over and everything was killed, `null` when it is infinite */
  step(ours: readonly Process[]): Promise<Millis | null>;
}

/**
 * The main process is asked alone, once; what it leaves behind is asked when it has gone; when the grace is over all of it is killed.
 * The time of the first question is saved before it is asked: neither our death nor our restart gives the client a second grace, or none.
 */
export function createEviction({ identity, locks, stop, log }: EvictionRequest, record: RecordKeeper): Eviction {
  const told = new Set<string>();
  const killed = new Set<string>();
  const step = async (ours: readonly Process[]): Promise<Millis | null> => {
    const main = ours.find((one) => isRecorded(one, record.now()));
    const asked = await firstAsked(ours, main);
    const rest = stop.grace === null ? null : Math.max(0, asked + stop.grace - machineTime());
    if (rest === 0) for (const one of ours) kill(one);
    else for (const one of main === undefined ? ours : [main]) await ask(one);
    return rest;
  };

  const firstAsked = async (ours: readonly Process[], main: Process | undefined): Promise<Millis> => {
    const child = record.now()?.child ?? null;
    const now = machineTime();
    const first = child?.boot === bootId() ? child.asked : null;
    if (first && ours.some((one) => startedAt(one) < first.at)) return Math.min(first.at, now);
    const { pid, start } = main ?? ours[0]!;
    const known = main === undefined ? null : child;
    await record.keep({ ...base(), child: { ...known, pid, start, boot: bootId(), asked: { at: now, sent: false } } });
    return now;
  };

  const ask = async (one: Process): Promise<void> => {
    const child = record.now()?.child ?? null;
    const isMain = isRecorded(one, record.now());
    if (told.has(keyOf(one)) || (isMain && child?.asked?.sent)) return;
    told.add(keyOf(one));
    log.info({ pid: one.pid, signal: stop.signal, graceMs: stop.grace }, 'a client is asked to leave');
    sendTo(one, stop.signal);
    if (isMain && child?.asked)
      void record.keep({ ...base(), child: { ...child, asked: { at: child.asked.at, sent: true } } });
  };

  const kill = (one: Process): void => {
    if (!killed.has(keyOf(one))) log.warn({ pid: one.pid }, 'a client has not left within its grace and is killed');
    killed.add(keyOf(one));
    sendToGroupOf(one, 'SIGKILL');
    sendTo(one, 'SIGKILL');
  };

  const base = () => record.now() ?? { schema: 1 as const, identity, locks, stop, child: null };
  return { step };
}

const keyOf = ({ pid, start }: Process): string => `${pid}:${start}`;
