import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { printable } from '../../errors.ts';
import type { Lock } from '../lock.ts';
import { holdersOf } from '../who/holders.ts';
import { wordsFor } from '../who/process-details.ts';
import { type Named, startOf } from '../who/processes.ts';

/** Written into a lock file by who holds it, for people; nothing is decided by it. */
interface Note {
  readonly pid: number;
  /** Process.start, and the name of its host or container: each container has a process with this pid. `null`: an older version wrote it. */
  readonly start: number | null;
  readonly host: string | null;
  readonly since: string;
  readonly home: string;
}

/** In place: a rename would put another file under the lock's name. Another user's file keeps its old note. */
export function leaveNote(lock: Lock, home: string): void {
  const { pid } = process;
  const note: Note = { pid, start: startOf(pid), host: hostname(), since: new Date().toISOString(), home };
  const text = Buffer.from(`${JSON.stringify(note)}\n`);
  try {
    const file = openSync(lock.path, 'r+');
    writeSync(file, text, 0, text.length, 0);
    ftruncateSync(file, text.length);
    closeSync(file);
  } catch {
    return;
  }
}

/** Who holds the lock, in words: from /proc, else from the note that the holder left. */
export async function describeHolder(path: string): Promise<string> {
  const note = readNote(path);
  const [holder] = await holdersOf(path);
  if (holder !== undefined) return `${await wordsFor(holder)}${note !== null && isBy(holder, note) ? told(note) : ''}`;
  if (note === null) return 'a process that cannot be seen from here';
  if (isBy({ pid: process.pid, start: startOf(process.pid) ?? 0 }, note)) return `this very process${told(note)}`;
  return `pid ${note.pid}${elsewhere(note)}${told(note)}, which cannot be seen from here`;
}

const isBy = ({ pid, start }: Named, note: Note): boolean => note.pid === pid && (note.start ?? start) === start;

const told = ({ since, home }: Note): string => printable(`, since ${since}, home ${home}`);

/** A container's name for itself is its id, unless it was given another. */
const elsewhere = ({ host }: Note): string =>
  host === null || host === hostname() ? '' : printable(` on the host or container ${host}`);

function readNote(path: string): Note | null {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    const { pid, start, host, since, home } = JSON.parse(line) as Partial<Note>;
    if (typeof pid !== 'number' || typeof since !== 'string' || typeof home !== 'string') return null;
    const known = { start: typeof start === 'number' ? start : null, host: typeof host === 'string' ? host : null };
    return { pid, ...known, since, home };
  } catch {
    return null;
  }
}
