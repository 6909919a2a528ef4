import { execa, type Options } from 'execa';
import type { Millis } from '../../core/release.ts';
import { type Ended, spawnFailure } from '../ending/exit-cause.ts';
import type { Lock } from '../lock.ts';
import { inherited } from '../locks/inherited.ts';
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
  const subprocess = attempt(request);
  if (typeof subprocess === 'string') return subprocess;
  const { pid } = subprocess;
  if (pid === undefined) return spawnFailure((await subprocess).cause); // thrown (ETXTBSY, E2BIG) or emitted (ENOENT, EACCES): execa makes them one
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

/** An argument that no program can be given (one with a null byte) is refused before anything is tried. */
function attempt(request: SpawnRequest) {
  try {
    return execa(request.program, [...request.args], optionsFor(request));
  } catch (thrown) {
    return spawnFailure(thrown);
  }
}

function optionsFor({ env, cwd, output, locks }: SpawnRequest) {
  return {
    stdio: ['ignore', inherited(output), inherited(output), ...locks.map(({ fd }) => inherited(fd))],
    env,
    extendEnv: false,
    cwd,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
  } satisfies Options;
}
