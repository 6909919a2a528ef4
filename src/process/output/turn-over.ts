import { fstatSync, ftruncateSync, read as readFrom } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from '../system-error.ts';

/** How many full files are kept beside the one that is written. */
export const KEPT = 3;
const BUFFER = 256 * 1024;

const read = promisify(readFrom);

export interface TurnOver {
  /** Of the file, open for reading and writing. */
  readonly fd: number;
  readonly path: string;
  /** How far the file was read before; what was appended since is handed on once. */
  readonly from: number;
  /** Of what was read before, about so many bytes are kept, the newest; and no more than so many of what comes meanwhile. */
  readonly cap: number;
  onBytes(bytes: Buffer): void;
}

/**
 * Moves what is in the file to `<path>.1` and empties it: the client goes on with its own descriptor, which appends, so the file itself has to stay.
 * What the client writes between the last read and the cut is lost: microseconds, against a full disk.
 * Where the copy cannot be made (a full disk) the file is emptied all the same.
 */
export async function turnOver(request: TurnOver): Promise<void> {
  try {
    await shift(request.path);
    await copyAll(request);
  } finally {
    ftruncateSync(request.fd, 0);
  }
}

async function shift(path: string): Promise<void> {
  await rm(`${path}.${KEPT}`, { force: true });
  for (let age = KEPT - 1; age >= 1; age--) {
    await rename(`${path}.${age}`, `${path}.${age + 1}`).catch((thrown: unknown) => {
      if (codeOf(thrown) !== 'ENOENT') throw thrown;
    });
  }
}

/** From its beginning, unless it is far beyond its cap: where a run's lines begin in the file is where they begin in the copy. */
const beginOf = (from: number, cap: number): number => (from <= cap * 1.25 ? 0 : from - cap);

/** A client that writes as fast as we copy is not followed for ever: what it says beyond the cap meanwhile is lost, and no disk is filled. */
async function copyAll({ fd, path, from, cap, onBytes }: TurnOver): Promise<void> {
  const copy = await open(`${path}.1`, 'w', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(BUFFER);
    for (let offset = beginOf(from, cap); fstatSync(fd).size < from + cap; ) {
      const { bytesRead } = await read(fd, buffer, 0, BUFFER, offset);
      if (bytesRead === 0) return;
      await copy.appendFile(buffer.subarray(0, bytesRead));
      const unread = offset + bytesRead - Math.max(offset, from);
      if (unread > 0) onBytes(buffer.subarray(bytesRead - unread, bytesRead));
      offset += bytesRead;
    }
  } finally {
    await copy.close();
  }
}
