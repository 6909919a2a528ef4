import { type ChildProcess, spawn as start } from 'node:child_process';
import type { Millis } from '../../core/release.ts';
import { type Ended, spawnFailure } from '../ending/exit-cause.ts';
import type { Lock } from '../lock.ts';
import { type Named, startOf } from '../who/processes.ts';

export interface SpawnRequest {
  /** Absolute path: the process gets the file's own name, by which vaults know each other. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** For stdout and stderr. */
  readonly output: number;
  /** What it inherits; the first becomes its lowest descriptor above 2, as the kernel closes from the highest down: the lock goes last. */
  readonly locks: readonly Lock[];
}

/** A child of ours that was started. */
export interface Running extends Named {
  readonly startedAt: Millis;
  /** On the clock of performance.now(). */
  readonly since: number;
  hasExited(): boolean;
  readonly exited: Promise<Ended & { readonly at: number }>;
}

/** Starts the client in a group of its own (a Ctrl-C at our terminal is not meant for it). Text: why it could not be started. */
export async function spawn(request: SpawnRequest): Promise<Running | string> {
  const subprocess = await attempt(request);
  if (typeof subprocess === 'string') return subprocess;
  const pid = subprocess.pid!;
  let gone = false;
  const startedAt = Date.now();
  const since = performance.now();
  const exited = new Promise<Ended & { readonly at: number }>((resolve) => {
    subprocess.once('exit', (code, signal) => {
      gone = true;
      resolve({ code, signal, at: performance.now() });
    });
  });
  // Until its exit was told the process is at least a zombie, so its start can always be read.
  return { pid, start: startOf(pid) ?? 0, startedAt, since, hasExited: () => gone, exited };
}

/** Why not is thrown (ETXTBSY, E2BIG, an argument with a null byte) or emitted (ENOENT, EACCES, EMFILE). */
function attempt({ program, args, env, cwd, output, locks }: SpawnRequest): Promise<ChildProcess | string> {
  return new Promise((resolve) => {
    const refuse = (thrown: unknown) => resolve(spawnFailure(thrown));
    try {
      const stdio = ['ignore' as const, output, output, ...locks.map(({ fd }) => fd)];
      const subprocess = start(program, args, { stdio, env, cwd, detached: true });
      subprocess.once('error', refuse);
      if (subprocess.pid !== undefined) resolve(subprocess);
    } catch (thrown) {
      refuse(thrown);
    }
  });
}
