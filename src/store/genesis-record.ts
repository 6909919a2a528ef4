import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../folders.ts';
import { writeAtomic } from './atomic-write.ts';

/** Which chain a network is, as it was met last. */
export interface GenesisRecord {
  /** Of block 0: `0x` and 64 lower-case hex digits. */
  readonly hash: string;
  /** The highest block that was acted on of another chain that the network was before, such as a testnet that was reset; `null`: it always was this one. */
  readonly former: number | null;
}

/** `null`: it was never met, or that cannot be read. */
export async function loadGenesis(path: string): Promise<GenesisRecord | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [, hash, former] = /^(0x[0-9a-f]{64})(?: (\d{1,15}))?\s*$/.exec(text) ?? [];
  return hash === undefined ? null : { hash, former: former === undefined ? null : Number(former) };
}

/** @throws what the file system says */
export async function saveGenesis(path: string, { hash, former }: GenesisRecord): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  await writeAtomic(path, `${hash}${former === null ? '' : ` ${former}`}\n`, { mode: 0o600 });
}
