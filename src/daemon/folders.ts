import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../layout.ts';

/** Every client that ever had a folder here, whether a file names it or not. */
export async function foldersOf({ instances }: Home): Promise<readonly { network: string; client: string }[]> {
  const networks = await foldersIn(instances);
  const all = networks.map(async (network) =>
    (await foldersIn(join(instances, network))).map((client) => ({ network, client })),
  );
  return (await Promise.all(all)).flat();
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
