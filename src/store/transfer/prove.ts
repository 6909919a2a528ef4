import type { Checksum } from '../../core/release.ts';
import type { HashedFile } from '../files/hashed-file.ts';
import { type Pipe, pour } from './pour.ts';
import { RangeRefusal, Refusal } from './refusal.ts';

/** The right bytes, or an error. What is there from before may be wrong, or another file's: then once more, from zero. */
export async function prove(uri: string, pipe: Pipe, checksum: Checksum, signal: AbortSignal): Promise<void> {
  if (pipe.file.length() > 0) {
    const resumed = await pour(uri, pipe, signal).catch(isRangeRefused);
    if (!resumed) return requireSame(pipe.file, checksum);
    if (pipe.file.checksum() === checksum) return;
    pipe.file.restart();
  }
  await pour(uri, pipe, signal);
  requireSame(pipe.file, checksum);
}

function isRangeRefused(error: unknown): true {
  if (error instanceof RangeRefusal) return true;
  throw error;
}

/** Wrong bytes are not kept: nothing can go on from them. */
function requireSame(file: HashedFile, checksum: Checksum): void {
  const found = file.checksum();
  if (found === checksum) return;
  file.restart();
  throw new WrongBytes(`it serves other bytes, with the SHA-256 ${found}`);
}

/** What was served whole is not what the checksum says. */
export class WrongBytes extends Refusal {
  override name = 'WrongBytes';
}
