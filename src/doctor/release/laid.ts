import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCode } from '../../errors.ts';
import { parseRecord } from '../../install/deployment-record.ts';
import type { DeploymentFolder } from '../../layout.ts';
import { once } from '../check.ts';
import { nameOf } from '../patient.ts';

/** What is committed for a client, as it lies on disk. */
export interface LaidOut {
  readonly client: string;
  readonly folder: DeploymentFolder;
  /** Of the program; `null`: its record is missing or damaged. */
  readonly program: { readonly path: string; readonly sha256: string; readonly version: string | null } | null;
}

/** What `current` leads to, of each client that has one. */
export const laidOut = once(async ({ home, clients }): Promise<readonly LaidOut[]> => {
  if (home === null) return [];
  const all = clients.map(async (client): Promise<readonly LaidOut[]> => {
    const folder = home.instance(client.network, client.client);
    const id = basename(await readlink(folder.current).catch(noneIfMissing));
    if (id === '') return [];
    const deployment = folder.deployment(id);
    const record = parseRecord(await readFile(deployment.record, 'utf8').catch(noneIfMissing), { id });
    const program = record && {
      path: join(deployment.root, record.name),
      sha256: record.sha256,
      version: record.release.version,
    };
    return [{ client: nameOf(client), folder: deployment, program }];
  });
  return (await Promise.all(all)).flat();
});

function noneIfMissing(error: unknown): '' {
  if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return '';
  throw error;
}
