import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Defect } from '../experiment.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * A copy of the built program, so that a build beside it disturbs nothing: as operators run it (dist/), or, if a defect is asked for, its
 * modules (build/) with that defect in them.
 * @returns the path of its main.js
 * @throws Error where a text to be replaced does not occur exactly once: the defect is to be written anew
 */
export function copyProgram(folder: string, defect: Defect | null): string {
  const copy = join(folder, 'program');
  mkdirSync(copy, { recursive: true });
  for (const name of ['build', ...(defect === null ? ['dist'] : [])])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, from, to } of defect?.patches ?? []) {
    const path = join(copy, 'build', file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2)
      throw new Error(`the defect is out of date: ${file} has ${parts.length - 1} times the text ${from}`);
    writeFileSync(path, parts.join(to));
  }
  return join(copy, defect === null ? 'dist' : 'build', 'cli/main.js');
}

/** Where the single modules of a copy lie, those with its defect. */
export const modulesOf = (program: string): string => resolve(program, '../../../build');

/**
 * Changes a copy, in whichever of its files: how it is cut into files is for the bundler to say.
 * @param from without groups that capture
 * @throws Error where it does not occur exactly once in all of them
 */
export function change(program: string, from: RegExp, to: string): void {
  const folder = resolve(program, '../..');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ path: join(folder, name), parts: readFileSync(join(folder, name), 'utf8').split(from) }))
    .filter(({ parts }) => parts.length > 1);
  const [only] = found;
  if (only?.parts.length !== 2 || found.length > 1) throw new Error(`the program is written otherwise by now: ${from}`);
  writeFileSync(only.path, only.parts.join(to));
}
