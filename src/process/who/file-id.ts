import { type BigIntStats, fstatSync, statSync } from 'node:fs';

/** What a file is, whatever its name: two names with one id are one file. */
export interface FileId {
  readonly dev: bigint;
  readonly ino: bigint;
}

export const isSameFile = (a: FileId, b: FileId): boolean => a.dev === b.dev && a.ino === b.ino;

export const fileOf = (descriptor: number): FileId => idOf(fstatSync(descriptor, { bigint: true }));

/** The file at a path, links followed; `null` if there is none or it may not be seen. */
export function fileAt(path: string): FileId | null {
  try {
    return idOf(statSync(path, { bigint: true }));
  } catch {
    return null;
  }
}

const idOf = ({ dev, ino }: BigIntStats): FileId => ({ dev, ino });
