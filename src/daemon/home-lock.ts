import { setTimeout as pause } from 'node:timers/promises';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Lock, takeLock } from '../process/lock.ts';
import { guards } from '../process/locks/guards.ts';
import { leaveNote } from '../process/locks/holder-note.ts';

/** How often it is looked whether the lock's file is still there; nobody tells us when it is removed. */
export const LOOK_AGAIN = 10_000;

/** The lock of the home, for as long as the daemon lives. */
export interface HomeLock {
  /** Why the home may be another daemon's, in words; `null`: it is ours alone, as far as was last looked. */
  lost(): string | null;
  /** Looks at once, and resolves when the home is ours alone. `tell`: why it is not, meanwhile. */
  held(signal: AbortSignal, tell: (words: string | null) => void): Promise<void>;
  release(): void;
}

/** Where somebody removed the file, a second daemon would find the home free: then what lies there now is locked too; where another has it, nothing is started. */
export function watchHomeLock(first: Lock, home: string, log: Log): HomeLock {
  let lock = first;
  let words: string | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const before = words;
    words = guards(lock) ? null : await again();
    if (words !== null && words !== before) log.error({ home }, words);
    else if (words === null && before !== null) log.info({ home }, 'the home is ours alone again');
  }

  async function again(): Promise<string | null> {
    try {
      const taken = await takeLock(lock.path);
      if (taken === null)
        return `somebody removed ${lock.path} while this vaultvisor runs, and another has locked the new one: nothing more is started here until that one has ended`;
      lock.release();
      lock = taken;
      leaveNote(lock, home);
      log.error(
        { home },
        `somebody removed ${lock.path} while this vaultvisor runs: it was made and locked again; never remove it`,
      );
      return null;
    } catch (error) {
      return `${lock.path} was removed while this vaultvisor runs, and cannot be locked again (${sentenceOf(error)}): nothing more is started`;
    }
  }

  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
  const timer = setInterval(() => void lookOnce(), LOOK_AGAIN);
  timer.unref();

  return {
    lost: () => words,
    async held(signal, tell) {
      await lookOnce();
      if (words === null) return;
      for (; words !== null; await lookOnce()) {
        tell(words);
        await pause(LOOK_AGAIN, undefined, { signal });
      }
      tell(null);
    },
    release() {
      clearInterval(timer);
      lock.release();
    },
  };
}
