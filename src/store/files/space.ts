import { statfsSync } from 'node:fs';
import { VisorError } from '../../errors.ts';

/** Bytes of the disk that nothing of ours takes: the clients write there too. */
export const defaultSpare = 64 * 1024 * 1024;

/**
 * Refuses to fill the disk that clients write their journals to.
 * @param needed bytes still to come
 * @param spare bytes that must stay free behind them
 * @throws VisorError `io`
 */
export function requireSpace(folder: string, needed: number, spare = defaultSpare): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed + spare) return;
  throw new VisorError(
    'io',
    `the disk of ${folder} has ${mebibytes(free)} left; ${mebibytes(needed)} are to come and ${mebibytes(spare)} stay free for the clients`,
    'Make room on this disk; it is tried again by itself.',
  );
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MiB`;
