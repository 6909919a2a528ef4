import { readFile } from 'node:fs/promises';
import { printable } from '../../errors.ts';
import { type FileId, fileAt, isSameFile } from './file-id.ts';
import { type Marks, parseMarks } from './marks.ts';

/** The marks that a process was started with. */
export async function marksOf(pid: number): Promise<Marks> {
  return parseMarks(await listAt(`/proc/${pid}/environ`));
}

/** How a person would recognise the process: `pid 123 (bitcoind -daemon)`. */
export async function wordsFor({ pid, comm }: { pid: number; comm: string }): Promise<string> {
  const command = (await listAt(`/proc/${pid}/cmdline`)).join(' ').trim() || comm;
  return `pid ${pid} (${printable(command.length > 160 ? `${command.slice(0, 160)}…` : command)})`;
}

/** Whether it executes one of these files: itself, or as the script that its interpreter was given. */
export async function executesOneOf(pid: number, files: readonly FileId[]): Promise<boolean> {
  if (files.length === 0) return false;
  const isOneOf = (path: string): boolean => {
    const file = fileAt(path);
    return file !== null && files.some((known) => isSameFile(known, file));
  };
  if (isOneOf(`/proc/${pid}/exe`)) return true;
  const given = (await listAt(`/proc/${pid}/cmdline`)).slice(1, 1 + INTERPRETER_ARGUMENTS);
  return given.some((argument) => isOneOf(argument.startsWith('/') ? argument : `/proc/${pid}/cwd/${argument}`));
}

/** The kernel puts the script after the interpreter and its one argument; `env -S` may add some. */
const INTERPRETER_ARGUMENTS = 8;

async function listAt(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\0');
  } catch {
    return [];
  }
}
