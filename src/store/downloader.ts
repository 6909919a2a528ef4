import { lstat } from 'node:fs/promises';
import type { Checksum } from '../core/release.ts';
import { late } from '../late.ts';
import type { Blobs } from './blobs.ts';
import type { Downloaded, DownloadRequest } from './download.ts';
import { codeOf } from './files/file-errors.ts';
import type { Progress } from './transfer/pour.ts';

const downloading = late(() => import('./download.ts'));

/** Settings that hold for every download of this process. */
export type DownloadDefaults = Pick<DownloadRequest, 'allowInsecure' | 'limits'>;

export type Want = Omit<DownloadRequest, keyof DownloadDefaults>;

export interface Downloader {
  /**
   * The bytes of a checksum: at once if they are held and were hashed since this process began, else from the first URI that serves
   * them. Who asks for the same checksum meanwhile waits for the same transfer; a signal only leaves it, and the last to leave ends it.
   * @throws as `download`; the signal's reason
   */
  fetch(want: Want, signal: AbortSignal): Promise<Downloaded>;
}

/** One at a time for a checksum, with those who wait for it. */
interface Transfer {
  readonly want: Want;
  readonly askers: Set<Asker>;
  readonly leaving: AbortController;
  readonly done: Promise<Downloaded>;
}

interface Asker {
  readonly progress: (progress: Progress) => void;
}

export function createDownloader(blobs: Blobs, defaults: DownloadDefaults): Downloader {
  const transfers = new Map<Checksum, Transfer>();
  const proved = new Map<Checksum, string>();
  const begin = (want: Want): Transfer => {
    const askers = new Set<Asker>();
    const leaving = new AbortController();
    const progress = (report: Progress) => {
      for (const asker of askers) asker.progress(report);
    };
    const obtained = obtain(blobs, { ...want, ...defaults, progress }, proved, leaving.signal);
    const done = obtained.finally(() => transfers.delete(want.checksum));
    const transfer = { want, askers, leaving, done };
    transfers.set(want.checksum, transfer);
    return transfer;
  };
  return {
    async fetch(want, signal) {
      for (;;) {
        signal.throwIfAborted();
        const transfer = transfers.get(want.checksum) ?? begin(want);
        const isLast = transfer.leaving.signal.aborted;
        const outcome = await (isLast ? settled(transfer) : wait(transfer, want, signal));
        if (outcome !== 'again') return outcome;
      }
    },
  };
}

/** Waits as one of several. `again`: it failed, but with another's URIs. */
async function wait(transfer: Transfer, want: Want, signal: AbortSignal): Promise<Downloaded | 'again'> {
  const asker: Asker = { progress: want.progress ?? (() => {}) };
  transfer.askers.add(asker);
  try {
    return await leavable(transfer.done, signal);
  } catch (error) {
    if (signal.aborted || isSameWant(transfer.want, want)) throw error;
    return 'again';
  } finally {
    transfer.askers.delete(asker);
    if (transfer.askers.size === 0) {
      transfer.leaving.abort();
      await settled(transfer);
    }
  }
}

async function settled({ done }: Transfer): Promise<'again'> {
  await done.catch(() => {});
  return 'again';
}

/** The promise, or the signal's reason if that comes first. */
async function leavable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: left, reject } = aborting();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([promise, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function aborting(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}

const isSameWant = (a: Want, b: Want): boolean =>
  a.maxBytes === b.maxBytes && a.allowFile === b.allowFile && JSON.stringify(a.uris) === JSON.stringify(b.uris);

async function obtain(
  blobs: Blobs,
  request: DownloadRequest,
  proved: Map<Checksum, string>,
  signal: AbortSignal,
): Promise<Downloaded> {
  const { checksum } = request;
  const path = blobs.path(checksum);
  const before = await fingerprint(path);
  if (before !== null && (proved.get(checksum) === before || (await blobs.verify(checksum, signal)))) {
    proved.set(checksum, before);
    return { checksum, path, bytes: (await lstat(path)).size, uri: null };
  }
  // loaded with the first download: a daemon whose releases lie in its store is up sooner, and 19 MB smaller
  const { download } = await downloading();
  const downloaded = await download(blobs.store, request, signal);
  const after = await fingerprint(path);
  if (after !== null) proved.set(checksum, after);
  return downloaded;
}

/** Says that a file is the one that was hashed, unless someone wrote below the file system. */
async function fingerprint(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
