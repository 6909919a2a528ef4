import { type ChildProcess, spawn } from 'node:child_process';
import type { Millis } from '../core/release.ts';
import { printable } from '../errors.ts';

/** A command that is run once, to its end, while a client serves. */
export interface OnceRequest {
  /** Its words, the program first. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take. */
  readonly limit: Millis;
  /** What it reads; without, nothing. */
  readonly input?: string;
  /** How many bytes of its stdout are kept; it is ended as soon as it says more. Without, only its last line is. */
  readonly outputCap?: number;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly isLate: boolean;
  /** It said more than `outputCap`. */
  readonly isTooLong: boolean;
  /** Empty without an `outputCap`. */
  readonly output: Buffer;
  /** Of stderr; without an `outputCap`, of both. Of one that is longer than 4,096 bytes the end. */
  readonly lastLine: string;
}

const tailBytes = 4_096;

/** Of a line that is told on. */
export const longestLine = 300;

/**
 * Runs a command in a process group of its own, of which nothing is left when this resolves.
 * @throws what the system says where it cannot be started (`timeout` of coreutils is missing).
 */
export function runOnce(request: OnceRequest, signal: AbortSignal): Promise<Ending> {
  const { words, cwd, env, limit, input } = request;
  // `timeout` ends it also when we are killed meanwhile; a second later than we would.
  const guard = ['-s', 'KILL', `${Math.ceil(limit / 1_000) + 1}`];
  const child = spawn('timeout', [...guard, ...words], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = () => killGroup(child);
  const said = follow(child, request.outputCap, kill);
  const closed = new Promise((resolve) => child.once('close', resolve));
  // one that does not read what it is told is judged by what it says
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, limit);
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      kill();
    };
    child.once('error', (thrown) => {
      settle();
      reject(thrown);
    });
    child.once('exit', async (code, signalName) => {
      settle();
      await drained(child, closed);
      resolve({ code, signal: signalName, isLate, ...said() });
    });
  });
}

/** How it ended, in words that follow its name. */
export function howItEnded({ code, signal, isLate }: Ending, limit: Millis): string {
  if (isLate) return `did not end within ${limit / 1_000} s`;
  return signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
}

/** What it said last, for a sentence. */
export const lastWords = ({ lastLine }: Ending): string =>
  lastLine === '' ? 'It said nothing.' : `Its last line: ${lastLine.slice(0, longestLine)}`;

type Said = Pick<Ending, 'isTooLong' | 'output' | 'lastLine'>;

/** Follows both outputs, however much there is, and keeps what is wanted of them. */
function follow({ stdout, stderr }: ChildProcess, cap: number | undefined, tooLong: () => void): () => Said {
  const kept: Buffer[] = [];
  let size = 0;
  let tail = Buffer.alloc(0);
  const toTail = (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
  };
  const toOutput = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= (cap ?? 0)) kept.push(chunk);
    else tooLong();
  };
  stdout?.on('data', cap === undefined ? toTail : toOutput);
  stderr?.on('data', toTail);
  return () => ({
    isTooLong: cap !== undefined && size > cap,
    output: Buffer.concat(kept),
    lastLine: printable(tail.toString('utf8').trimEnd().split('\n').at(-1) ?? ''),
  });
}

/** The rest of the output; a process that left the group may hold the pipe for ever, so for a moment only. */
async function drained(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  const moment = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, 200);
  await closed;
  clearTimeout(moment);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody of the group is left, which is what was wanted.
  }
}
