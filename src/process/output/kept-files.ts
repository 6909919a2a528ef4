import { statSync } from 'node:fs';
import type { Millis } from '../../core/release.ts';
import { codeOf } from '../system-error.ts';
import { KEPT } from './turn-over.ts';

/** A file of what a client wrote. */
export interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** When it was turned over, on the wall clock; `null`: it is the one that is written. */
  readonly turnedAt: Millis | null;
}

/** Those that there are, the oldest first. @throws what the system says where one cannot be looked at */
export function keptFiles(path: string): readonly KeptFile[] {
  const older = Array.from({ length: KEPT }, (_, index) => `${path}.${KEPT - index}`);
  return [...older, path].flatMap((each) => {
    try {
      const { size, mtimeMs } = statSync(each);
      return [{ path: each, size, turnedAt: each === path ? null : mtimeMs }];
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return [];
      throw thrown;
    }
  });
}
