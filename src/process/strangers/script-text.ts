import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Base } from './key-files.ts';

/** How much of a script is read. */
const PAGE = 64 * 1024;

/** The text of a file that is a script of a shell, or is run by one; empty where it is none or may not be read. */
export async function scriptText(path: string, { root, cwd }: Base, isRun = false): Promise<string> {
  try {
    const file = await open(isAbsolute(path) ? join(root, path) : join(cwd, path), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PAGE), 0, PAGE, 0);
      const text = buffer.toString('utf8', 0, bytesRead);
      return isRun || /^#![^\n]*sh\b/.test(text) ? text : '';
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
