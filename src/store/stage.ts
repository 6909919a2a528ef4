import { chown, lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checksum } from '../core/release.ts';
import { printable, sentenceOf, VisorError } from '../errors.ts';
import { makeFolder, syncFolder } from '../folders.ts';
import { late } from '../late.ts';
import type { Store } from '../layout.ts';
import { temporaryBeside, writeAtomic } from './atomic-write.ts';
import { checksumOf, hexOf, verifiedPath } from './files/checksum-path.ts';
import { codeOf, diskError } from './files/file-errors.ts';
import { createHashedFile, type HashedFile } from './files/hashed-file.ts';
import { promote } from './files/promote.ts';
import { shownUri } from './transfer/addresses.ts';
import { defaultLimits } from './transfer/limits.ts';
import { keepPace } from './transfer/pace.ts';
import type { Pipe } from './transfer/pour.ts';
import { forget } from './transfer/resume.ts';
import { throttled } from './transfer/throttled.ts';

const agentMaker = late(() => import('./transfer/agents.ts'));
const pourer = late(() => import('./transfer/pour.ts'));

/** Bytes that a person put into the store before anything named them. */
export interface Staged {
  readonly checksum: Checksum;
  readonly bytes: number;
}

export interface StageRequest {
  /** `file:` or `https:`; where both ends are the operator's, `http:` too. */
  readonly uri: string;
  /** Refuse other bytes. `null`: whatever they are. */
  readonly checksum: Checksum | null;
  readonly maxBytes: number;
  readonly allowInsecure: boolean;
  progress?: Pipe['progress'];
}

/**
 * Takes bytes into the store ahead of time. They are kept from the sweep until they were run, or `unstage`. Works beside a running daemon: each file
 * appears whole, and is on the list before it appears.
 * @throws VisorError `network` where they cannot be had, `protocol` where they are others, `io` or `permission` (our disk)
 */
export async function stage(store: Store, request: StageRequest, signal: AbortSignal): Promise<Staged> {
  try {
    await makeFolder(store.partial, 0o700);
    await makeFolder(store.staged, 0o700);
    const temporary = temporaryBeside(join(store.partial, 'stage'));
    const file = await createHashedFile(temporary);
    try {
      await gather(file, request, signal);
      return await keep(store, file, request);
    } finally {
      await file.close();
      await forget(temporary);
      await rm(temporary, { force: true });
    }
  } catch (error) {
    throw diskError(error, `could not stage ${shownUri(request.uri)}`);
  }
}

/** What is staged, in the order of its checksums. */
export async function listStaged(store: Store): Promise<readonly Checksum[]> {
  const names = await readdir(store.staged).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .map(checksumOf)
    .filter((checksum) => checksum !== null)
    .sort();
}

/** Lets the sweep have it, once nothing names it. `false`: it was not staged. */
export async function unstage(store: Store, checksum: Checksum): Promise<boolean> {
  const marker = markerOf(store, checksum);
  const isThere = await lstat(marker).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
  if (isThere) {
    await rm(marker, { force: true });
    await syncFolder(store.staged);
  }
  return isThere;
}

/** Where it came from, for people; `null` where its note is damaged. */
export async function stagedFrom(store: Store, checksum: Checksum): Promise<string | null> {
  const text = await readFile(markerOf(store, checksum), 'utf8').catch(() => '');
  return text.trim() === '' ? null : text.trim();
}

const markerOf = (store: Store, checksum: Checksum): string => join(store.staged, hexOf(checksum));

async function gather(file: HashedFile, request: StageRequest, signal: AbortSignal): Promise<void> {
  // an HTTP client takes a third of a daemon's start, and the sweep, which asks what is staged, is a part of that
  const [{ createAgents }, { pour }] = await Promise.all([agentMaker(), pourer()]);
  const agents = createAgents(defaultLimits);
  const pace = keepPace(defaultLimits);
  const { uri, maxBytes, allowInsecure, progress = () => {} } = request;
  const permits = { allowInsecure, allowFile: true };
  const pipe = { file, agents, limits: defaultLimits, permits, maxBytes, pace, progress: throttled(progress) };
  try {
    await pour(uri, pipe, AbortSignal.any([signal, pace.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VisorError) throw error;
    const next = 'Nothing was staged. Mend what it says, then say it again.';
    throw new VisorError('network', `${shownUri(uri)} cannot be staged: ${sentenceOf(error)}`, next, { cause: error });
  } finally {
    pace.end();
    await agents.close();
  }
}

async function keep(store: Store, file: HashedFile, { uri, checksum: wanted }: StageRequest): Promise<Staged> {
  const checksum = file.checksum();
  if (wanted !== null && wanted !== checksum)
    throw new VisorError(
      'protocol',
      `${shownUri(uri)} has the SHA-256 ${checksum}, not ${wanted}`,
      'Nothing was staged. Find out which of the two is right before you run it.',
    );
  const bytes = file.length();
  const marker = markerOf(store, checksum);
  // on the list before it is there: a sweep of the daemon may come at any time
  await writeAtomic(marker, `${printable(shownUri(uri))}\n`);
  await promote(store, file);
  await handOver(
    [marker, verifiedPath(store, checksum), store.staged, store.verified, store.partial],
    dirname(store.staged),
  );
  return { checksum, bytes };
}

/** What root stages for a daemon of another user is the daemon's. */
async function handOver(paths: readonly string[], storeRoot: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(storeRoot));
  if (uid === 0) return;
  for (const path of [...paths, storeRoot]) await chown(path, uid, gid);
}
