import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from '../folders.ts';
import { codeOf } from './files/file-errors.ts';

/** What happened to an instance, for people: one JSON object a line, oldest first. Never read to decide. */
export interface History {
  /** Adds a line (`schema` is put before what it says). `false`: it could not be written; nothing waits for that. */
  append(line: object): Promise<boolean>;
  /** The lines that are kept, oldest first; with `limit` only the newest. What is no JSON object is left out. */
  read(options?: { limit?: number }): Promise<object[]>;
}

const schema = 1;

/** @param options `maxBytes` of the file before it is put aside (4 MiB), and how many of those to `keep` (3) */
export function openHistory(path: string, options: { maxBytes?: number; keep?: number } = {}): History {
  const { maxBytes = 4 * 1024 * 1024, keep = 3 } = options;
  let queue: Promise<unknown> = Promise.resolve();
  const next = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = queue.then(act);
    queue = turn.catch(() => {});
    return turn;
  };
  return {
    append: (line) =>
      next(async () => {
        const text = `${JSON.stringify({ schema, ...line })}\n`;
        await makeRoom(path, Buffer.byteLength(text), maxBytes, keep);
        await appendLine(path, text);
        return true;
      }).catch(() => false),
    read: ({ limit = Number.POSITIVE_INFINITY } = {}) => next(() => newest(path, keep, limit)),
  };
}

/** Rotates before a line that would make the file too large. */
async function makeRoom(path: string, coming: number, maxBytes: number, keep: number): Promise<void> {
  const size = await sizeOf(path);
  if (size === 0 || size + coming <= maxBytes) return;
  await rm(rotated(path, keep), { force: true });
  for (let n = keep - 1; n >= 0; n -= 1) await moveIfThere(rotated(path, n), rotated(path, n + 1));
}

/** A line that a power cut tore is ended first, so that it costs itself and not its successor too. */
async function appendLine(path: string, text: string): Promise<void> {
  await makeFolders(dirname(path), 0o700);
  const handle = await open(path, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isTorn = size > 0 && buffer.toString() !== '\n';
    await handle.writeFile(isTorn ? `\n${text}` : text);
  } finally {
    await handle.close();
  }
}

async function newest(path: string, keep: number, limit: number): Promise<object[]> {
  let lines: object[] = [];
  for (let n = 0; n <= keep && lines.length < limit; n += 1) lines = [...(await linesOf(rotated(path, n))), ...lines];
  return lines.slice(Math.max(0, lines.length - limit));
}

async function linesOf(path: string): Promise<object[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => absent(error, ''));
  return text.split('\n').flatMap(parseLine);
}

function parseLine(line: string): object[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : [];
  } catch {
    return [];
  }
}

const rotated = (path: string, n: number): string => (n === 0 ? path : `${path}.${n}`);

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((error: unknown) => absent(error, { size: 0 }));
  return size;
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => absent(error, undefined));
}

function absent<T>(error: unknown, instead: T): T {
  if (codeOf(error) === 'ENOENT') return instead;
  throw error;
}
