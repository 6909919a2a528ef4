import type { Lock } from '../lock.ts';
import { fileAt, isSameFile } from '../who/file-id.ts';

/** Whether a lock of ours still keeps others out: somebody may have removed its file, and then the next one locks another file. */
export function guards({ path, file }: Pick<Lock, 'path' | 'file'>): boolean {
  const present = fileAt(path);
  return present !== null && isSameFile(present, file);
}
