import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { printable } from '../../errors.ts';
import type { Lock } from '../lock.ts';
import { holdersOf } from '../who/holders.ts';
import { wordsFor } from '../who/process-details.ts';

/** Written into a lock file by who holds it, for people; nothing is decided by it. */
interface Note {
  readonly pid: number;
  readonly since: string;
  readonly home: string;
}

/** In place: a rename would put another file under the lock's name. Another user's file keeps its old note. */
export function leaveNote(lock: Lock, home: string): void {
  const note: Note = { pid: process.pid, since: new Date().toISOString(), home };
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
  if (holder !== undefined) return `${await wordsFor(holder)}${note?.pid === holder.pid ? told(note) : ''}`;
  if (note?.pid === process.pid) return `this very process${told(note)}`;
  return note === null
    ? 'a process that cannot be seen from here'
    : `pid ${note.pid}${told(note)}, which cannot be seen from here`;
}

const told = ({ since, home }: Note): string => printable(`, since ${since}, home ${home}`);

function readNote(path: string): Note | null {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    const { pid, since, home } = JSON.parse(line) as Partial<Note>;
    return typeof pid === 'number' && typeof since === 'string' && typeof home === 'string'
      ? { pid, since, home }
      : null;
  } catch {
    return null;
  }
}
