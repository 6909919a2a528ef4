import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Defect } from '../experiment.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * A copy of the built program, so that a build beside it disturbs nothing; with the defect, if one is asked for.
 * @returns the path of its main.js
 * @throws Error where a text to be replaced does not occur exactly once: the defect is to be written anew
 */
export function copyProgram(folder: string, defect: Defect | null): string {
  const copy = join(folder, 'program');
  mkdirSync(copy, { recursive: true });
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, from, to } of defect?.patches ?? []) {
    const path = join(copy, 'dist', file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2)
      throw new Error(`the defect is out of date: ${file} has ${parts.length - 1} times the text ${from}`);
    writeFileSync(path, parts.join(to));
  }
  return join(copy, 'dist/cli/main.js');
}
