import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import { late } from '../../late.ts';
import { settlesWithin, within } from '../../within.ts';
import { failed, type Outcome, passed } from '../probe.ts';
import { lasting, quoted } from '../reasons.ts';

const starter = late(() => import('./start.ts'));

export const commandLimit: Millis = 30_000;
/** So much of the end of its output is kept, to have the last line. */
const tailCap = 4_096;
/** How long an ended command may take to leave the process table and close its output. */
const farewell: Millis = 500;

/** Where a command runs, with which environment, and what it reads from its stdin; without, there is nothing to read. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What stands before its words: changes the user to the client's own. */
  readonly as?: readonly string[];
}

/** How a command ended; its last line is one line, printable and short. */
export interface End {
  readonly code: number | null;
  readonly killedBy: string | null;
  readonly lastLine: string;
}

/** Passes when the command ends with status 0 within the limit. It has a process group of its own, of which nothing is left behind. */
export async function probeCommand(
  command: readonly string[],
  place: Place,
  limit: Millis,
  signal: AbortSignal,
): Promise<Outcome> {
  const name = `command ${quoted(command[0] ?? '')}`;
  try {
    const end = await endOf(command, place, limit, signal);
    if (end === null) return failed(`${name} did not end within ${lasting(limit)}`);
    return end.code === 0 ? passed : failed(`${name} ${howItEnded(end)}`);
  } catch (thrown) {
    signal.throwIfAborted();
    return failed(`${name} could not be started: ${quoted(sentenceOf(thrown))}`);
  }
}

/**
 * Runs a command to its end; `null`: not within the limit, so it was killed with all that it had started.
 * Rejects when it cannot be started, or the signal aborts.
 */
export const endOf = (
  command: readonly string[],
  place: Place,
  limit: Millis,
  signal: AbortSignal,
): Promise<End | null> => within(limit, signal, (own) => run(command, place, own));

async function run(command: readonly string[], place: Place, signal: AbortSignal): Promise<End> {
  const { start } = await starter();
  signal.throwIfAborted();
  const child = start([...(place.as ?? []), ...command], place);
  if (child.pid === undefined) throw new Error((await child).originalMessage ?? 'it has no process');
  const group = child.pid;
  const tail = keepTail([child.stdout, child.stderr]);
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const closed = once(child, 'close');
  try {
    const [code, killedBy] = await unlessAborted(exited, signal);
    killGroup(group);
    await farewellTo(closed);
    return { code, killedBy, lastLine: lastLineOf(tail()) };
  } finally {
    killGroup(group);
    await farewellTo(exited);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Its last words may still be on their way; but a left-over that kept the pipe open is not waited for. */
const farewellTo = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.allSettled([settlesWithin(farewell, promise)]);

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const heard = new AbortController();
  const aborted = once(signal, 'abort', { signal: heard.signal }).then(() => signal.throwIfAborted());
  try {
    return (await Promise.race([promise, aborted])) as T;
  } finally {
    heard.abort();
  }
}

/** The group's leader is our child and not gone before its exit was heard; an empty group is none (ESRCH). */
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

function keepTail(streams: readonly Readable[]): () => string {
  let tail = Buffer.alloc(0);
  const hear = (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-tailCap);
  };
  for (const stream of streams) stream.on('data', hear).on('error', () => {});
  return () => tail.toString('utf8');
}

function lastLineOf(text: string): string {
  return quoted(text.trimEnd().split('\n').at(-1) ?? '');
}

function howItEnded({ code, killedBy, lastLine }: End): string {
  const how = killedBy === null ? `exited with status ${code}` : `was killed by ${killedBy}`;
  return lastLine === '' ? how : `${how}: ${lastLine}`;
}
