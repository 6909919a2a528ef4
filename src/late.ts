import { setTimeout } from 'node:timers/promises';
import { sentenceOf, VisorError } from './errors.ts';

// A start takes half the time, and many a daemon less memory, where what the first client does not need is loaded where it is first used. But
// a daemon runs for months, and beneath it a newer version is installed: what it has not loaded by then is gone, or is another version's.

const parts = new Set<() => Promise<unknown>>();

/**
 * A part of the program that is loaded with its first use or by `loadParts`, whichever comes first. Throws a VisorError `io` where it cannot be
 * loaded any more.
 */
export function late<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  const part = () => {
    loaded ??= load().catch((cause: unknown) => {
      loaded = null;
      throw new VisorError(
        'io',
        `restart vaultvisor: a part of it cannot be loaded any more, as its files were removed or replaced (${sentenceOf(cause)})`,
        'Restart it; a newer version may be installed beneath a daemon that has run for some seconds.',
        { cause },
      );
    });
    return loaded;
  };
  parts.add(part);
  return part;
}

/**
 * Loads every part after so many milliseconds, one after another: between two of them the daemon hears everything else. From then on nothing
 * is read from where the program lies. Rejects as the first does that cannot be loaded; all others are then.
 */
export async function loadParts(delay: number): Promise<void> {
  await setTimeout(delay, undefined, { ref: false });
  let refusal: unknown = null;
  // a part that is loaded may bring further ones, which this meets too; one that is gone takes no other with it
  for (const part of parts)
    await part().catch((error: unknown) => {
      refusal ??= error;
    });
  if (refusal !== null) throw refusal;
}
