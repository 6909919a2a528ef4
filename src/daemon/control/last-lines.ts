import { open } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';

/** So much of the end of a log is looked at (bytes). */
const most = 256 * 1024;

/** The last lines that a client wrote, the newest last; of a log that is not there none. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - most);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    // the first may be the end of one, the last has not ended
    return lines.slice(from === 0 ? 0 : 1, -1).slice(-count);
  } finally {
    await handle.close();
  }
}
