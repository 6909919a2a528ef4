import { type Lock, takeLock } from '../lock.ts';
import { takeKept } from './kept.ts';

export type Taken =
  | { readonly all: true; readonly locks: readonly Lock[] }
  | { readonly all: false; readonly refused: readonly string[] };

/** Takes every lock or none, at once: holding some while waiting for others is how two clients would wait for each other for ever. */
export async function takeAll(paths: readonly string[], identity: string): Promise<Taken> {
  const attempts = await Promise.allSettled(paths.map(async (path) => takeKept(path) ?? takeLock(path, { identity })));
  const locks = attempts.map((attempt) => (attempt.status === 'fulfilled' ? attempt.value : null));
  const taken = locks.filter((lock) => lock !== null);
  if (taken.length === paths.length) return { all: true, locks: taken };
  releaseAll(taken);
  const failed = attempts.find((attempt) => attempt.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { all: false, refused: paths.filter((_, index) => locks[index] === null) };
}

export function releaseAll(locks: readonly Lock[]): void {
  for (const lock of locks) lock.release();
}
