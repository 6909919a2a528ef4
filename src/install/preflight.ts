import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Millis } from '../core/release.ts';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';

export interface PreflightRequest {
  readonly program: string;
  /**
   * The operator's own for this purpose, never what the client serves with: arguments for the program (`--version`), or, where the first
   * is an absolute path, a command that is told of the program: by `{program}` in its words, else as its last one.
   */
  readonly command: readonly string[];
  /** How long it may take; 5 s. */
  readonly limit?: Millis;
}

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly isLate: boolean;
  readonly lastLine: string;
}

const tailBytes = 4_096;

/**
 * Runs a new program once, to see that it can start at all, while the old one still serves. It gets nothing to do harm with:
 * no configured arguments and environment, an empty folder, a few seconds; then its whole group is killed, as a client
 * that does not know the flag begins to serve.
 * @throws VisorError with its last line, if it does not end with 0 in time.
 */
export async function preflight(request: PreflightRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-preflight-')).catch((thrown: unknown) => {
    throw withWords('No folder can be made for the preflight', thrown);
  });
  try {
    const ending = await runOnce(request, folder, signal);
    signal.throwIfAborted();
    if (ending.code !== 0 || ending.isLate) throw failure(request, ending);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function wordsOf(program: string, command: readonly string[]): readonly string[] {
  const filled = command.map((word) => word.replaceAll('{program}', program));
  const isCommand = command[0]?.startsWith('/') || command[0]?.startsWith('{program}');
  if (!isCommand) return [program, ...filled];
  return command.some((word) => word.includes('{program}')) ? filled : [...filled, program];
}

function runOnce(
  { program, command, limit = 5_000 }: PreflightRequest,
  folder: string,
  signal: AbortSignal,
): Promise<Ending> {
  // `timeout` ends it also when we are killed meanwhile; a second later than we would.
  const guard = ['-s', 'KILL', `${Math.ceil(limit / 1_000) + 1}`];
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  const child = spawn('timeout', [...guard, ...wordsOf(program, command)], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLine = followTail(child);
  const closed = new Promise((resolve) => child.once('close', resolve));
  return new Promise((resolve, reject) => {
    let isLate = false;
    const kill = () => killGroup(child);
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, limit);
    signal.addEventListener('abort', kill, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      kill();
    };
    child.once('error', (thrown) => {
      settle();
      reject(withWords('The preflight cannot be run (it needs `timeout` of coreutils)', thrown));
    });
    child.once('exit', async (code, signalName) => {
      settle();
      await drained(child, closed);
      resolve({ code, signal: signalName, isLate, lastLine: lastLine() });
    });
  });
}

/** Follows both outputs, however much there is, and keeps the end of it. */
function followTail(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
    });
  return () => printable(tail.toString('utf8').trimEnd().split('\n').at(-1) ?? '').slice(0, 300);
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

function failure({ program, command, limit = 5_000 }: PreflightRequest, ending: Ending): VisorError {
  const words = wordsOf(program.slice(program.lastIndexOf('/') + 1), command).join(' ');
  const how = ending.isLate
    ? `did not end within ${limit / 1_000} s`
    : ending.signal === null
      ? `ended with status ${ending.code}`
      : `was ended by ${ending.signal}`;
  const said = ending.lastLine === '' ? 'It said nothing.' : `Its last line: ${ending.lastLine}`;
  const next = ending.isLate
    ? 'Name a command as "preflight" that ends by itself (a client that does not know a flag may begin to serve).'
    : 'The former release goes on; tell whoever publishes this one, or correct "preflight" of the client.';
  return new VisorError('config', `The preflight \`${printable(words)}\` ${how}. ${said}`, next);
}
