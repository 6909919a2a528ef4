import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** See vault.c. */
export type Manner =
  | 'steady'
  | 'crash'
  | 'broken'
  | 'dies'
  | 'mute'
  | 'deaf'
  | 'flood'
  | 'hungry'
  | 'slow'
  | 'fork-lock'
  | 'fork-mark'
  | 'fork-none';

/** A release of the lab's client on disk. */
export interface Built {
  readonly release: string;
  readonly manner: Manner;
  readonly path: string;
  /** `0x` and SHA-256. */
  readonly checksum: string;
  /** What the client itself finds its file to be (FNV-1a, 64 bits): an altered byte shows in its journal. */
  readonly print: string;
}

export interface Client {
  /** Writes a release into a folder of its own, so that the file's name stays `vault`. `padding`: further bytes. */
  build(release: string, manner?: Manner, padding?: number): Built;
}

const source = fileURLToPath(new URL('vault.c', import.meta.url));

/** Why the lab's client cannot be had here; `null`: it can. */
export function noCompiler(): string | null {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no C compiler (`cc`) to build the lab client with';
  }
}

/** @param library a shared library that it is to need: it starts only where that is installed */
export function compileClient(folder: string, library?: string): Client {
  const compiled = join(folder, 'vault.compiled');
  const needs = library === undefined ? [] : ['-Wl,--no-as-needed', library];
  execFileSync('cc', ['-O2', '-o', compiled, source, ...needs]);
  const program = readFileSync(compiled);
  return {
    build(release, manner = 'steady', padding = 0) {
      const bytes = Buffer.concat([
        program,
        Buffer.alloc(padding),
        Buffer.from(`\nLAB release=${release} manner=${manner}\n`),
      ]);
      const own = join(folder, 'releases', `${release}-${manner}`);
      const path = join(own, 'vault');
      mkdirSync(own, { recursive: true });
      writeFileSync(`${path}.new`, bytes, { mode: 0o755 });
      renameSync(`${path}.new`, path);
      const checksum = `0x${createHash('sha256').update(bytes).digest('hex')}`;
      return { release, manner, path, checksum, print: printOf(bytes) };
    },
  };
}

function printOf(bytes: Buffer): string {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    // × 0x100000001b3 modulo 2^64, in halves
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
