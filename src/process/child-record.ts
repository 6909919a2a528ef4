import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Millis } from '../core/release.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Stop } from './ending/stop-rule.ts';
import { bootId } from './machine.ts';
import { codeOf } from './system-error.ts';
import type { Named } from './who/processes.ts';

/** What the last spawn left for whoever comes after us. The pid is advice (the lock is the guarantee); the locks' names are not. */
export interface ChildRecord {
  readonly schema: 1;
  readonly identity: string;
  /** Every lock that the last child was given. */
  readonly locks: readonly string[];
  /** How it is to be ended where no file names it any more. */
  readonly stop?: Stop;
  readonly child: RecordedChild | null;
}

export interface RecordedChild {
  readonly pid: number;
  /** See Process.start. */
  readonly start: number;
  readonly boot: string;
  /** When it was first asked to leave, on machineTime(), and whether the signal is known to have been sent. A restart of ours goes on with the same grace. */
  readonly asked: { readonly at: Millis; readonly sent: boolean } | null;
  /** What it was started as. Absent: that is not known of it, so nobody adopts it. */
  readonly deployment?: string;
  /** Where its lines begin in its log, in bytes. */
  readonly logFrom?: number;
}

/** How soon a record that could not be saved is tried again. */
const AGAIN: Millis = 2_000;

/** Writes a file whole or not at all (the store's). */
export type Save = (path: string, text: string) => Promise<void>;

/** The record in memory, written through. */
export interface RecordKeeper {
  now(): ChildRecord | null;
  /**
   * A disk that is full must not keep us from ending a child: a failed save is told, and the record goes on in memory. It is tried again until it
   * is there or a newer one is.
   */
  keep(record: ChildRecord): Promise<void>;
  /** When nothing is being written any more. */
  settled(): Promise<void>;
}

/** @throws VisorError `io` where it cannot be read for want of memory or descriptors */
export function openRecord(path: string, save: Save, log: Log): RecordKeeper {
  let record = readNow(path);
  const write = async (next: ChildRecord, isAgain: boolean): Promise<void> => {
    if (newest.get(path) !== next) return;
    try {
      await save(path, `${JSON.stringify(next)}\n`);
      if (newest.get(path) === next) newest.delete(path);
      if (isAgain) log.info({ path }, 'the record of the child is saved');
    } catch (thrown) {
      const reason = sentenceOf(thrown);
      if (!isAgain) log.warn({ path, reason }, 'the record of the child could not be saved; its lock still guards it');
      setTimeout(() => void inTurn(path, () => write(next, true)), AGAIN).unref();
    }
  };
  const keep = (next: ChildRecord): Promise<void> => {
    record = next;
    newest.set(path, next);
    return inTurn(path, () => write(next, false));
  };
  return { now: () => record, keep, settled: async () => turns.get(path) };
}

/** One write of a file after the other, whichever run asked for it: an older record must not overtake a newer one. */
function inTurn(path: string, act: () => Promise<void>): Promise<void> {
  const turn = (turns.get(path) ?? Promise.resolve()).then(act);
  turns.set(path, turn);
  return turn.finally(() => {
    if (turns.get(path) === turn) turns.delete(path);
  });
}

const turns = new Map<string, Promise<void>>();

/** What was to be written last and is not there yet, by path. */
const newest = new Map<string, ChildRecord>();

/** Whether this is the very process that the record names. */
export function isRecorded({ pid, start }: Named, record: ChildRecord | null): boolean {
  const child = record?.child;
  return child?.pid === pid && child.start === start && child.boot === bootId();
}

/** Of a moment: what they hide is there. */
const PASSING = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];

/** As readRecord; but where only the machine is short of something the record is waited for, as its locks must be proved free. */
function readNow(path: string): ChildRecord | null {
  try {
    return parseRecord(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    if (!PASSING.includes(codeOf(thrown))) return null;
    throw new VisorError(
      'io',
      `the record of the last child cannot be read: ${sentenceOf(thrown)}`,
      'See what uses up the memory or the open files of this machine or this user (free, ulimit -n); it is tried again.',
      { cause: thrown },
    );
  }
}

/** `null` if there is none that can be read: it is advice, and a damaged one must not keep a client down. */
export function readRecord(path: string): ChildRecord | null {
  try {
    return parseRecord(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function parseRecord(raw: Partial<ChildRecord> | null): ChildRecord | null {
  if (raw?.schema !== 1 || typeof raw.identity !== 'string' || !Array.isArray(raw.locks)) return null;
  const locks = raw.locks.filter((lock): lock is string => typeof lock === 'string');
  const stop = parseStop(raw.stop ?? null);
  return { schema: 1, identity: raw.identity, locks, ...(stop && { stop }), child: parseChild(raw.child ?? null) };
}

function parseStop(raw: Partial<Stop> | null): Stop | null {
  const grace = raw?.grace === null || (typeof raw?.grace === 'number' && raw.grace >= 0) ? raw.grace : undefined;
  if (grace === undefined || typeof raw?.signal !== 'string' || !(raw.signal in constants.signals)) return null;
  return { signal: raw.signal, grace };
}

function parseChild(raw: Partial<RecordedChild> | null): RecordedChild | null {
  if (!Number.isInteger(raw?.pid) || !Number.isInteger(raw?.start) || typeof raw?.boot !== 'string') return null;
  const { at, sent } = raw.asked ?? {};
  const asked = typeof at === 'number' && Number.isFinite(at) ? { at, sent: sent === true } : null;
  const { deployment, logFrom } = raw;
  return {
    pid: Number(raw.pid),
    start: Number(raw.start),
    boot: raw.boot,
    asked,
    ...(typeof deployment === 'string' && { deployment }),
    ...(typeof logFrom === 'number' && Number.isInteger(logFrom) && logFrom >= 0 && { logFrom }),
  };
}
