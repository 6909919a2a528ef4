import { setTimeout as pause } from 'node:timers/promises';
import type { Migration, Release } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { verifyBytes } from '../../install/verify.ts';
import { ownEnvironment } from '../../process/start/environment.ts';
import type { Cell } from '../instance/cell.ts';
import { progressLines } from './progress.ts';

/** What bytes are wanted for in the store. */
type Wanted = Release | Migration;

/** How soon it is looked again for what somebody is to stage (ms). */
const LOOK_AGAIN = 1_000;

/** Brings the bytes into the store, proved by their checksum and let through by the operator's own tool; answers where they lie. */
export async function obtain(wanted: Wanted, cell: Cell, signal: AbortSignal): Promise<string> {
  if (cell.config().download.fetch === 'never') await staged(wanted, cell, signal);
  const { path } = await cell.services.downloader.fetch(want(wanted, cell), signal);
  await letThrough(wanted, path, cell, signal);
  return path;
}

/** Asked once for the same bytes in a daemon's life: a migration of data must not wait for a tool while no client is up. */
async function letThrough(wanted: Wanted, path: string, cell: Cell, signal: AbortSignal): Promise<void> {
  const { verify } = cell.config();
  if (verify === null) return;
  const key = JSON.stringify([wanted.checksum, verify.command]);
  if (cell.letThrough.has(key)) return;
  const { checksum, uri } = wanted;
  const version = 'kind' in wanted ? wanted.to : wanted.version;
  const env = ownEnvironment(process.env, {});
  await verifyBytes({ ...verify, what: whatIs(wanted), path, checksum, uri, version, env }, signal);
  cell.letThrough.add(key);
}

const whatIs = (wanted: Wanted) => ('kind' in wanted ? 'migration' : 'release');

function want({ checksum, uri }: Wanted, cell: Cell) {
  const { download, source } = cell.config();
  const mirrors = download.mirrors.map((url) => url.replaceAll('{checksum}', checksum.slice(2)));
  const isOurs = source.source === 'manifest' || uri === cell.config().initial;
  return {
    checksum,
    uris: download.fetch === 'never' ? [] : [...(uri === null ? [] : [uri]), ...mirrors],
    maxBytes: download.maxBytes,
    // a file on this machine is what its operator named; what a chain names, only where he allows it
    allowFile: isOurs || cell.pinnedUri() === uri || cell.services.allowInsecure(),
    progress: progressLines(cell, 'downloading'),
  };
}

/** The first time it is a failure, so that it is told; from then on it is waited for: nobody is asked for anything. */
async function staged(wanted: Wanted, cell: Cell, signal: AbortSignal): Promise<void> {
  const { blobs } = cell.services;
  if (await blobs.has(wanted.checksum)) return;
  if (!cell.lacking.has(wanted.checksum)) {
    cell.lacking.add(wanted.checksum);
    throw notStaged(wanted);
  }
  while (!(await blobs.has(wanted.checksum)) && cell.config().download.fetch === 'never')
    await pause(LOOK_AGAIN, undefined, { signal });
}

const notStaged = (wanted: Wanted): VisorError =>
  new VisorError(
    'config',
    `The ${whatIs(wanted)} ${wanted.checksum} is not staged, and "download.fetch" is "never"`,
    `Bring its bytes to this machine, then say: vaultvisor stage FILE --checksum ${wanted.checksum}`,
  );
