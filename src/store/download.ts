import type { Checksum } from '../core/release.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { makeFolder } from '../folders.ts';
import type { Store } from '../layout.ts';
import { partialPath, verifiedPath } from './files/checksum-path.ts';
import { diskError } from './files/file-errors.ts';
import { type HashedFile, reopenHashedFile } from './files/hashed-file.ts';
import { promote } from './files/promote.ts';
import { shownUri } from './transfer/addresses.ts';
import { createAgents } from './transfer/agents.ts';
import { defaultLimits, defaultMaxBytes, type Limits } from './transfer/limits.ts';
import { keepPace } from './transfer/pace.ts';
import type { Progress } from './transfer/pour.ts';
import { prove, WrongBytes } from './transfer/prove.ts';
import { forget } from './transfer/resume.ts';
import { throttled } from './transfer/throttled.ts';

export interface DownloadRequest {
  readonly checksum: Checksum;
  /** In the order they are tried: the one on chain, then the mirrors. */
  readonly uris: readonly string[];
  /** Default: 512 MiB. */
  readonly maxBytes?: number;
  /** Plain http and inner hosts elsewhere than on this machine, too. */
  readonly allowInsecure: boolean;
  /** `file:` URIs, too: only where the operator himself named them. */
  readonly allowFile: boolean;
  /** Ten times a second at most, and at the end. */
  progress?(progress: Progress): void;
  readonly limits?: Partial<Limits>;
}

export interface Downloaded {
  readonly checksum: Checksum;
  readonly path: string;
  readonly bytes: number;
  /** Which URI served the bytes; `null`: they were all here already. */
  readonly uri: string | null;
}

/**
 * Brings the bytes of a checksum into the store: hashed while they are written, durable when this returns.
 * Each URI is tried once, from the beginning: whoever calls backs off and calls again. What was transferred stays in `partial/`.
 * @throws VisorError `network` or `protocol` (every URI failed, and how), `io` or `permission` (our disk), `config` (no URI);
 *   the signal's reason
 */
export async function download(store: Store, request: DownloadRequest, signal: AbortSignal): Promise<Downloaded> {
  try {
    await makeFolder(store.partial, 0o700);
    const file = await reopenHashedFile(partialPath(store, request.checksum), signal);
    return await fill(store, file, request, signal).finally(() => file.close());
  } catch (error) {
    throw diskError(error, `could not store ${request.checksum}`);
  }
}

async function fill(
  store: Store,
  file: HashedFile,
  request: DownloadRequest,
  signal: AbortSignal,
): Promise<Downloaded> {
  const uri = file.checksum() === request.checksum ? null : await firstThatServes(file, request, signal);
  const bytes = file.length();
  const checksum = await promote(store, file);
  await forget(file.path);
  return { checksum, path: verifiedPath(store, checksum), bytes, uri };
}

async function firstThatServes(file: HashedFile, request: DownloadRequest, signal: AbortSignal): Promise<string> {
  const failures: Failure[] = [];
  for (const uri of request.uris) {
    try {
      await serve(uri, file, request, signal);
      return uri;
    } catch (error) {
      signal.throwIfAborted();
      if (isOurs(error)) throw freed(file, error);
      failures.push({ uri, error });
    }
  }
  throw failed(request.checksum, failures);
}

/** One URI, with everything that is opened for it. */
async function serve(uri: string, file: HashedFile, request: DownloadRequest, signal: AbortSignal): Promise<void> {
  const limits = { ...defaultLimits, ...request.limits };
  const agents = createAgents(limits);
  const pace = keepPace(limits);
  const { maxBytes = defaultMaxBytes, progress } = request;
  try {
    const pipe = {
      file,
      agents,
      limits,
      permits: request,
      maxBytes,
      pace,
      progress: throttled(progress ?? (() => {})),
    };
    await prove(uri, pipe, request.checksum, AbortSignal.any([signal, pace.signal]));
    progress?.({ received: file.length(), total: file.length() });
  } finally {
    pace.end();
    await agents.close();
  }
}

interface Failure {
  readonly uri: string;
  readonly error: unknown;
}

/** Another server helps with everything but our own disk. */
const isOurs = (error: unknown): boolean =>
  error instanceof VisorError && (error.code === 'io' || error.code === 'permission');

/** A full disk needs the room more than the next try needs the bytes. */
function freed(file: HashedFile, error: unknown): unknown {
  file.restart();
  return error;
}

function failed(checksum: Checksum, failures: readonly Failure[]): VisorError {
  if (failures.length === 0) {
    return new VisorError(
      'config',
      `nothing says where the bytes of ${checksum} can be had`,
      'Add a mirror (`download.mirrors`).',
    );
  }
  const told = failures.map(({ uri, error }) => `${shownUri(uri)}: ${sentenceOf(error)}`).join('; ');
  const code = failures.every(({ error }) => error instanceof WrongBytes) ? 'protocol' : 'network';
  const next =
    'Nothing was changed and it is tried again by itself; see that one of them serves these bytes, or add a mirror (`download.mirrors`).';
  return new VisorError(code, `could not download ${checksum} (${told})`, next, { cause: failures.at(-1)?.error });
}
