import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { flock } from './locks/flock.ts';
import { guards } from './locks/guards.ts';
import { openLockFile } from './locks/lock-file.ts';
import { type FileId, fileOf } from './who/file-id.ts';

/** An exclusive lock of ours. It lives as long as any process has the descriptor's open file description, ours or a client that inherited it. */
export interface Lock {
  readonly path: string;
  readonly fd: number;
  readonly file: FileId;
  /** Closes our copy. Where nobody inherited it the lock is free from then on. May be called twice. */
  release(): void;
}

export interface LockOptions {
  /** Whose helper asks (see marks.ts). */
  readonly identity?: string;
  /** Wait until it is free or this is aborted; `null`: answer at once. */
  readonly wait?: AbortSignal | null;
}

/** A file of another user that we may not even open tells nobody when it is free. */
const UNREADABLE_RETRY = 2_000;

/**
 * Takes the lock with a fresh open file description: having it proves that nobody else does, no descendant of an earlier holder either.
 * `null`: somebody has it (a file that may not be opened counts as held).
 * @throws VisorError `config` without the program flock, `io` where files cannot be locked; the signal's reason if the wait is aborted
 */
export async function takeLock(path: string, options: LockOptions = {}): Promise<Lock | null> {
  const wait = options.wait ?? null;
  for (;;) {
    wait?.throwIfAborted();
    const attempt = await tryOnce(path, options.identity ?? '', wait);
    if (attempt.is === 'granted') return attempt.lock;
    if (attempt.is === 'replaced') continue;
    if (wait === null) return null;
    wait.throwIfAborted();
    await pause(UNREADABLE_RETRY, undefined, { signal: wait });
  }
}

/** Blocks in the kernel, not in a loop, until the lock is ours; see takeLock. */
export async function waitForLock(path: string, signal: AbortSignal, identity = ''): Promise<Lock> {
  const lock = await takeLock(path, { identity, wait: signal });
  if (lock === null) throw signal.reason;
  return lock;
}

type Attempt = { is: 'granted'; lock: Lock } | { is: 'refused' } | { is: 'replaced' };

async function tryOnce(path: string, identity: string, wait: AbortSignal | null): Promise<Attempt> {
  const fd = openLockFile(path);
  if (fd === null) return { is: 'refused' };
  const lock = lockOn(path, fd);
  try {
    if ((await flock(fd, identity, wait)) !== 'granted') return release(lock, 'refused');
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
  // Somebody may have removed the file while we waited: then the next one locks another file, and ours excludes nobody.
  return guards(lock) ? { is: 'granted', lock } : release(lock, 'replaced');
}

function release(lock: Lock, is: 'refused' | 'replaced'): Attempt {
  lock.release();
  return { is };
}

function lockOn(path: string, fd: number): Lock {
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return { path, fd, file: fileOf(fd), release: close };
}
