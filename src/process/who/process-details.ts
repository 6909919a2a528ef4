import { closeSync, openSync, readFileSync, read as readFrom } from 'node:fs';
import { promisify } from 'node:util';
import { printable } from '../../errors.ts';
import { type FileId, fileAt, isSameFile } from './file-id.ts';
import { type Marks, parseMarks } from './marks.ts';

/** The marks that a process was started with. */
export async function marksOf(pid: number): Promise<Marks> {
  return parseMarks(await listAt(`/proc/${pid}/environ`));
}

/** The pid that a process has in its own pid namespace; `null`: it has left, or is of another user. */
export function innerPid(pid: number): string | null {
  try {
    return /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Its command line as it is now: a process may write over its own. Empty if we may not look. */
export async function argumentsOf(pid: number): Promise<readonly string[]> {
  const words = await listAt(`/proc/${pid}/cmdline`);
  return words.at(-1) === '' ? words.slice(0, -1) : words;
}

/** The environment that it was started with, `NAME=value` each. Empty if we may not look. */
export async function environmentOf(pid: number): Promise<readonly string[]> {
  return listAt(`/proc/${pid}/environ`);
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

/**
 * In another thread: where a process hangs in its own memory (a file of a dead network file system), who reads about it hangs with it. Opening does not
 * wait, and is done here: before every spawn all processes are asked, and each further trip would be paid as many times.
 */
async function listAt(path: string): Promise<readonly string[]> {
  try {
    const fd = openSync(path, 'r');
    try {
      return (await readAll(fd)).split('\0');
    } finally {
      closeSync(fd);
    }
  } catch {
    return [];
  }
}

async function readAll(fd: number): Promise<string> {
  const parts: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.allocUnsafe(PAGES);
    const { bytesRead } = await read(fd, buffer, 0, PAGES, null);
    parts.push(buffer.subarray(0, bytesRead));
    if (bytesRead < PAGES) return Buffer.concat(parts).toString('utf8');
  }
}

/** Most environments fit; the kernel gives as much as it is asked for, and less only at the end. */
const PAGES = 32 * 1024;

const read = promisify(readFrom);
