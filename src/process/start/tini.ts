import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian, Alpine and the images of Docker have it, if PATH has it nowhere. */
const USUAL = ['/usr/bin', '/usr/local/bin', '/sbin'];

/** The program tini; `null`: it is not installed. */
export function findTini(path = process.env['PATH'] ?? ''): string | null {
  const folders = [...path.split(':').filter((folder) => folder.startsWith('/')), ...USUAL];
  return folders.map((folder) => join(folder, 'tini')).find(isProgram) ?? null;
}

/**
 * The arguments by which tini runs a program, and sends it the signal when we die. It becomes the parent of what the program leaves behind, and passes
 * signals and the exit status on.
 */
export const belowTini = (signal: NodeJS.Signals, program: string, args: readonly string[]): readonly string[] => [
  '-s',
  '-p',
  signal,
  '--',
  program,
  ...args,
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
