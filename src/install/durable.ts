import { open } from 'node:fs/promises';
import { systemCode as codeOf, sentenceOf, VisorError } from '../errors.ts';

/** Writes a new file that only we may read, through to the disk; fails where there is one. */
export async function writeNew(path: string, text: string, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The code of a failed system call; `undefined` if it was something else. */
export function systemCode(thrown: unknown): string | undefined {
  return codeOf(thrown) ?? undefined;
}

/** A failed system call as an error with a next move; what has words already, and an abort, pass through. */
export function withWords(doing: string, thrown: unknown): unknown {
  const code = systemCode(thrown);
  if (thrown instanceof VisorError || code === undefined || code === 'ABORT_ERR') return thrown;
  const kind = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'permission' : 'io';
  return new VisorError(kind, `${doing}: ${sentenceOf(thrown)}`, nextMove(code), { cause: thrown });
}

function nextMove(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'Free some space on the file system of the home; it is tried again.';
  if (code === 'EACCES' || code === 'EPERM') return 'Make the home folder belong to the user that runs vaultvisor.';
  if (code === 'EROFS') return 'Mount the home folder writable.';
  return 'Look at the disk and its mount (dmesg tells of failing hardware); it is tried again.';
}
