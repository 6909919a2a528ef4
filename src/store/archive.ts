import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sentenceOf, VisorError } from '../errors.ts';
import { syncFolder } from '../folders.ts';
import { codeOf, diskError } from './files/file-errors.ts';
import { createHashedFile, type HashedFile } from './files/hashed-file.ts';
import { readLocalFile } from './files/local-file.ts';
import { type Search, searchMember } from './search-member.ts';

export interface ArchiveLimits {
  /** Bytes of the member. */
  readonly maxBytes: number;
  /** Bytes of the whole archive, unpacked. */
  readonly maxTotal: number;
  /** Unpacked bytes for each packed one. deflate reaches 1032; programs reach 10. */
  readonly maxRatio: number;
}

const defaultLimits: ArchiveLimits = { maxBytes: 512 * 1024 ** 2, maxTotal: 2 * 1024 ** 3, maxRatio: 200 };

/** So much may be unpacked whatever the ratio: a small archive of zeros harms nobody. */
const harmless = 16 * 1024 ** 2;

/**
 * Writes the one member of that name, a regular file, to `target`: new, mode 0555, durable. Nothing else of the archive reaches the disk.
 * `./name` and `name` are the same name. The archive is tar or tar.gz, by its first bytes.
 * @returns SHA-256 (64 hex digits) and length of the member
 * @throws VisorError `protocol` for an archive that is not what an honest publisher makes, `io` or `permission` for our disk; the
 *   signal's reason. There is no `target` then.
 */
export async function extractMember(
  archive: string,
  member: string,
  target: string,
  signal: AbortSignal,
  limits: Partial<ArchiveLimits> = {},
): Promise<{ sha256: string; bytes: number }> {
  const file = await createHashedFile(target).catch((error: unknown) => {
    throw diskError(error, `could not create ${target}`);
  });
  try {
    await unpack(archive, searchMember(member, file, limits.maxBytes ?? defaultLimits.maxBytes), signal, {
      ...defaultLimits,
      ...limits,
    });
    await seal(file);
    return { sha256: file.checksum().slice(2), bytes: file.length() };
  } catch (error) {
    await file.close();
    await rm(target, { force: true });
    signal.throwIfAborted();
    throw readable(error, archive);
  }
}

async function unpack(archive: string, search: Search, signal: AbortSignal, limits: ArchiveLimits): Promise<void> {
  const { size } = await stat(archive);
  const most = Math.min(limits.maxTotal, Math.max(harmless, size * limits.maxRatio));
  const sink = async (chunks: AsyncIterable<Buffer>) => {
    let unpacked = 0;
    for await (const chunk of chunks) {
      unpacked += chunk.length;
      if (unpacked > most) throw new VisorError('protocol', `it unpacks to more than ${most} bytes`, askPublisher);
      search.write(chunk);
    }
  };
  const packed = readLocalFile(archive, signal);
  await ((await isGzip(archive))
    ? pipeline(packed, createGunzip(), sink, { signal })
    : pipeline(packed, sink, { signal }));
  search.end();
}

async function seal(file: HashedFile): Promise<void> {
  await file.handle.chmod(0o555);
  await file.sync();
  await file.close();
  await syncFolder(dirname(file.path));
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await handle.close();
  }
}

/** zlib's and the parser's own words, as an error of ours. */
function readable(error: unknown, archive: string): unknown {
  const code = codeOf(error);
  const isOfFormat = !(error instanceof VisorError) && (code === null || /^(Z_|TAR_|ERR_)/.test(code));
  if (isOfFormat)
    return new VisorError('protocol', `${archive} cannot be unpacked: ${sentenceOf(error)}`, askPublisher, {
      cause: error,
    });
  return diskError(error, `could not unpack ${archive}`);
}

const askPublisher = 'Ask whoever published the release for a proper archive; nothing was changed.';
