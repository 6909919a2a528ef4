import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { printable, VisorError } from '../../errors.ts';

/**
 * The bytes of a local regular file, in chunks.
 * Opened without waiting: a fifo in its place would otherwise hold us for ever.
 * @throws VisorError `config` where it is no regular file; what the file system says; the signal's reason
 */
export async function* readLocalFile(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw noFile(path);
    signal.throwIfAborted(); // a stream that is born aborted throws once more, where nobody can catch
    yield* handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024, signal });
  } finally {
    await handle.close();
  }
}

function noFile(path: string): VisorError {
  return new VisorError('config', `${printable(path)} is not a regular file`, 'Name the file itself.');
}
