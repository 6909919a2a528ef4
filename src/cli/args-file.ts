import { readFile } from 'node:fs/promises';
import { configError } from '../config/format.ts';
import { parseArgsFile } from '../config/load.ts';
import type { Config } from '../config/settings.ts';
import { missingArgsFile } from '../daemon/find-config.ts';

/** The text of the args file. @throws VisorError `config` where there is none */
export async function readArgsText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw missingArgsFile(file);
  });
}

/** What the args file says now, in force or not. @throws VisorError `config` with all that is wrong in it */
export async function readArgsFile(file: string): Promise<{ text: string; config: Config }> {
  const text = await readArgsText(file);
  const parsed = parseArgsFile(text);
  if (parsed.ok) return { text, config: parsed.config };
  throw configError(parsed.problems, file);
}
