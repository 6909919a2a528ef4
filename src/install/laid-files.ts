import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../folders.ts';
import { systemCode, withWords, writeNew } from './durable.ts';
import { type Material, sha256Of } from './material.ts';

/** Read-only: what a client changed there would be gone with the next release. */
const MODE = 0o400;

/** Writes the config files of a deployment into a new folder, through to the disk. */
export async function writeFiles(folder: string, files: Material['files']): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) await writeNew(join(folder, name), text, MODE);
  await syncFolder(folder);
}

/** Whether each lies there with these bytes. */
export async function areWhole(folder: string, hashes: Readonly<Record<string, string>>): Promise<boolean> {
  for (const [name, sha256] of Object.entries(hashes)) {
    const text = await textOf(join(folder, name));
    if (text === null || sha256Of(text) !== sha256) return false;
  }
  return true;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'EIO'].includes(systemCode(thrown) ?? '')) return null;
    throw withWords(`${path} cannot be read`, thrown);
  }
}
