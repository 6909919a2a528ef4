import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Parser, type ReadEntry } from 'tar';
import { printable, sentenceOf, VisorError } from '../errors.ts';
import { syncFolder } from './atomic-write.ts';
import { diskError } from './file-errors.ts';
import { createHashedFile, type HashedFile } from './hashed-file.ts';
import { readLocalFile } from './local-file.ts';

export interface ArchiveLimits {
  /** Bytes of the member, and of all members together. */
  readonly maxBytes: number;
  readonly maxTotal: number;
  /** Unpacked bytes to packed bytes. deflate ends at 1032; real programs at 10. */
  readonly maxRatio: number;
}

const defaultLimits: ArchiveLimits = { maxBytes: 512 * 1024 * 1024, maxTotal: 2 * 1024 * 1024 * 1024, maxRatio: 200 };

/**
 * Writes the one member of that name, a regular file, to `target`: new, mode 0555, durable. Nothing else of the archive touches the disk.
 * `./name` and `name` are the same name. The archive is tar or tar.gz, by its first bytes.
 * @returns the SHA-256 (`0x…`) and length of the member
 * @throws VisorError `protocol` for an archive that cannot be what its publisher meant, `io` or `permission` for our disk;
 *   the signal's reason. `target` is then not there.
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
    await unpack(archive, member, file, signal, { ...defaultLimits, ...limits });
    await file.handle.chmod(0o555);
    await file.handle.sync();
    await file.close();
    await syncFolder(dirname(target));
    return { sha256: file.checksum(), bytes: file.length() };
  } catch (error) {
    await file.close();
    await rm(target, { force: true });
    throw diskError(error, `could not unpack ${archive}`);
  }
}

async function unpack(archive: string, member: string, file: HashedFile, signal: AbortSignal, limits: ArchiveLimits): Promise<void> {
  const search = searchFor(member, file, limits);
  let isFirst = true;
  for await (const chunk of readLocalFile(archive, signal)) {
    if (isFirst) requireArchive(chunk);
    isFirst = false;
    search.write(chunk);
  }
  await search.end();
}

interface Search {
  write(chunk: Buffer): void;
  end(): Promise<void>;
}
