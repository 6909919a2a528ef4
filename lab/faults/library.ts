import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('faults.c', import.meta.url));

/** Builds the library that is preloaded into the daemon. Returns its path. */
export function compileFaults(folder: string): string {
  const library = join(folder, 'faults.so');
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  return library;
}
