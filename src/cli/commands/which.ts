import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { committed } from '../../core/occupancy.ts';
import { VisorError } from '../../errors.ts';
import { parseRecord } from '../../install/deployment-record.ts';
import type { InstanceFolder } from '../../layout.ts';
import { loadState } from '../../store/state-record.ts';
import type { Context } from '../context.ts';
import { clientsOnDisk } from '../disk/in-force.ts';
import { locate } from '../home.ts';
import { nameOf, theOne } from '../pick.ts';
import { ofPlace, orAsReader } from '../reader.ts';

/** Prints the path of the committed deployment's program, from disk: no daemon need run, but for members of `control.group`. */
export async function which([place]: string[], _options: object, context: Context): Promise<number> {
  const path = await orAsReader(
    context,
    () => programAt(place, context),
    async ({ ask }) => (await ask<{ path: string }>(`/v1/which${ofPlace(place)}`)).path,
  );
  context.say(path);
  return 0;
}

/** @throws VisorError `network` where nothing is committed yet */
export async function programAt(place: string | undefined, context: Pick<Context, 'file'>): Promise<string> {
  const located = await locate(context);
  const known = (await clientsOnDisk(located)).filter(({ forgotten }) => !forgotten);
  const client = theOne(known, place);
  return programOf(located.home.instance(client.network, client.client), nameOf(client));
}

async function programOf(folder: InstanceFolder, name: string): Promise<string> {
  const loaded = await loadState(folder);
  const deployment = loaded.found === 'state' ? committed(loaded.instance) : null;
  if (deployment === null)
    throw new VisorError(
      'network',
      `No release of ${name} is committed yet`,
      'Look at vaultvisor status for what it waits for.',
    );
  const { root, record } = folder.deployment(deployment.id);
  const laid = parseRecord(await readFile(record, 'utf8').catch(() => ''), deployment);
  if (laid !== null) return join(root, laid.name);
  throw new VisorError(
    'io',
    `The program of ${name} is missing or damaged on disk (${root})`,
    'The daemon fetches it again when it next starts it; look at the disk.',
  );
}
