import { setTimeout as wait } from 'node:timers/promises';
import type { Millis } from '../core/release.ts';
import { type Bell, makeBell } from './watch/bell.ts';
import { type Ears, listen, silence } from './watch/ears.ts';
import { fingerprint, fingerprintNow } from './watch/fingerprint.ts';

/** Editors write in several steps: what follows each other this closely is one change. */
const quiet: Millis = 100;

/** A file that never comes to rest is told about all the same, after this many times `quiet`. */
const mostSteps = 10;

/** A folder in which others write all the time must not keep us busy. */
const breath: Millis = 25;

/** A net for what the kernel does not tell, such as a change that another host makes on a shared disk. */
const poll: Millis = 2_000;

/**
 * Tells whenever the path leads to another file or to other bytes than at the call: after a write in place,
 * a rename over it, the swap of a link on the way (a ConfigMap's `..data`), a removal and a return.
 * Read after the call, and after every word of `changed`: then nothing is missed. Resolves once the kernel was
 * asked to tell, watches until the signal is aborted, never throws, and keeps no process alive.
 */
export async function watchFile(path: string, changed: () => void, signal: AbortSignal): Promise<void> {
  const known = fingerprintNow(path);
  const ears: Ears = new Map();
  const bell = makeBell();
  signal.addEventListener('abort', () => [silence(ears), bell.ring()], { once: true });
  await listen(ears, path, bell.ring, signal);
  void follow({ path, changed, signal, ears, bell }, known);
}

interface Watch {
  readonly path: string;
  readonly changed: () => void;
  readonly signal: AbortSignal;
  readonly ears: Ears;
  readonly bell: Bell;
}

async function follow(watch: Watch, before: string): Promise<void> {
  const { path, changed, signal, ears, bell } = watch;
  let known = before;
  while (!signal.aborted) {
    if ((await fingerprint(path)) === known) {
      await bell.rung(poll);
      await wait(breath);
    } else {
      known = await atRest(path);
      if (!signal.aborted) changed();
    }
    await listen(ears, path, bell.ring, signal);
  }
}

async function atRest(path: string): Promise<string> {
  let last = await fingerprint(path);
  for (let step = 0; step < mostSteps; step += 1) {
    await wait(quiet);
    const now = await fingerprint(path);
    if (now === last) return now;
    last = now;
  }
  return last;
}
