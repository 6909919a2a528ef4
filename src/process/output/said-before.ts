import { statSync } from 'node:fs';
import type { RecordedChild } from '../child-record.ts';
import { machineTime } from '../machine.ts';
import type { Begin } from '../output.ts';
import { fileAt, isSameFile } from '../who/file-id.ts';
import { startedAt } from '../who/processes.ts';

/**
 * Where to go on reading what a client says that another supervisor started: from its first line, unless its first lines have been put aside, or nobody
 * knows where they begin.
 */
export function saidBefore(child: RecordedChild, logFile: string): Begin {
  const own = `/proc/${child.pid}/fd/1`;
  const written = fileAt(own);
  const known = fileAt(logFile);
  if (written !== null && known !== null && !isSameFile(written, known)) return { source: own, isWhole: false };
  if (turnedAt(logFile) >= Date.now() - (machineTime() - startedAt(child))) return { from: 0, isWhole: false };
  return child.logFrom === undefined ? { isWhole: false } : { from: child.logFrom };
}

/** When the file was last turned over, on the wall clock; 0: never. */
function turnedAt(path: string): number {
  try {
    return statSync(`${path}.1`).mtimeMs;
  } catch {
    return 0;
  }
}
