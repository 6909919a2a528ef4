import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../src/layout.ts';

/** A folder that is gone with the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'visor-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function scratchStore(): Promise<Store> {
  const folder = await scratchFolder();
  const at = (name: string) => join(folder, 'store', name);
  return { partial: at('partial'), verified: at('sha256'), staged: at('staged') };
}

export const checksumOf = (bytes: Buffer | string): string => `0x${createHash('sha256').update(bytes).digest('hex')}`;

/** Bytes that no two places of a file share. */
export function noise(length: number, seed = 'noise'): Buffer {
  const blocks: Buffer[] = [];
  for (let n = 0; n * 32 < length; n += 1) blocks.push(createHash('sha256').update(`${seed}${n}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

export async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}

/** The names in a folder, sorted; of one that is not there, none. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
