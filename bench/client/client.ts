import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A client that writes its own times, as many releases of it as are asked for. */
export interface Client {
  /** Which of the two it is, in words. */
  readonly words: string;
  /** Writes a release that differs from the others in its last bytes only. */
  release(path: string, number: number): { readonly bytes: Buffer; readonly checksum: string };
}

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The one in C where there is a compiler: then nothing but the supervisors themselves takes time. */
export function buildClient(folder: string): Client {
  const program = join(folder, 'serve');
  const isBuilt = compiles(program);
  const bytes = readFileSync(isBuilt ? program : at('serve.mjs'));
  return {
    words: isBuilt ? 'The client is in C.' : 'No C compiler here: the client is in Node, and its start counts twice.',
    release(path, number) {
      const own = Buffer.concat([bytes, Buffer.from(`\n// release ${number}\n`)]);
      writeFileSync(path, own, { mode: 0o755 });
      return { bytes: own, checksum: `0x${createHash('sha256').update(own).digest('hex')}` };
    },
  };
}

function compiles(program: string): boolean {
  try {
    execFileSync('cc', ['-O2', '-o', program, at('serve.c')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
