import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { placedClients, placeOf } from '../../config/accepted-record.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { VisorError } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { Look } from '../../observe/look.ts';
import { processAt } from '../../process/who/processes.ts';
import { loadTakeover, type TakeoverRecord } from '../../store/state-takeover.ts';
import { requireUser } from '../../users.ts';
import { askDaemon } from '../client.ts';
import type { Context } from '../context.ts';
import { configInForce } from '../disk/in-force.ts';
import { type Located, locate } from '../home.ts';
import { liveBelow } from '../import/live.ts';
import { nameOf, requirePlace, theOne } from '../pick.ts';
import { withProgress } from '../progress.ts';
import { differencesOf } from './differences.ts';
import { othersOf } from './others.ts';
import { theUnit } from './the-unit.ts';
import { processesOf, type Unit } from './unit.ts';

/** All that is known before anything is done. */
export interface Plan {
  readonly located: Located;
  readonly folder: InstanceFolder;
  readonly status: InstanceStatus;
  readonly unit: Unit;
  /** Of a takeover that was begun before. */
  readonly record: TakeoverRecord | null;
  /** What a person should know. */
  readonly remarks: readonly string[];
}

export interface Asked {
  readonly place: string | undefined;
  readonly unit: string | undefined;
  readonly acceptDifferences: boolean;
}

/** @throws VisorError where the takeover cannot be begun, or would not be one; nothing was changed then */
export async function planOf({ place, unit: said, acceptDifferences }: Asked, context: Context): Promise<Plan> {
  requirePlace(place);
  const located = await locate(context);
  const look = await settled(located, place, context);
  const status = theOne(look.instances, place);
  const folder = located.home.instance(status.network, status.client);
  const record = await loadTakeover(folder.takeoverRecord);
  if (status.child !== null && record?.done !== false) throw already(status, record);
  const config = configOf(status, located);
  const others = await othersOf(config);
  const unit = await theUnit({ said, name: nameOf(status), others, record });
  if (processesOf(unit).some(({ pid }) => pid === look.daemon.pid))
    throw new VisorError(
      'usage',
      `${unit.name} runs vaultvisor itself`,
      'Nothing was changed. Name the unit that ran the client before.',
    );
  const remarks = await compared(unit, { config, look, status }, acceptDifferences);
  return { located, folder, status, unit, record, remarks };
}

/** One that has just booted does not know yet what it would start. */
async function settled(located: Located, place: string | undefined, context: Context): Promise<Look> {
  const question = { method: 'GET', path: '/v1/status', patience: 10_000 } as const;
  const end = performance.now() + SETTLES;
  return withProgress('vaultvisor to know what it would start', async () => {
    for (;;) {
      const look = await askDaemon<Look>(located.home, question, context);
      const { phase } = theOne(look.instances, place);
      if (phase !== 'empty' || performance.now() > end) return look;
      await pause(EVERY);
    }
  });
}

/** Milliseconds. */
const SETTLES = 15_000;
const EVERY = 200;

const already = (status: InstanceStatus, record: TakeoverRecord | null): VisorError =>
  new VisorError(
    'usage',
    `vaultvisor runs ${nameOf(status)} already, as pid ${status.child?.pid}`,
    record === null
      ? 'There is nothing to take over.'
      : `It was taken over from ${record.unit}: nothing is left to do.`,
  );

/** @throws VisorError `config` where no file names it any more */
export function configOf(status: InstanceStatus, located: Located): ClientConfig {
  const config = configInForce(located);
  const placed = config && placedClients(config).find(({ client }) => placeOf(client) === nameOf(status));
  if (placed) return placed.client;
  throw new VisorError(
    'config',
    `No args file in force names ${nameOf(status)}`,
    'Nothing was changed. Name it in the args file, then say vaultvisor apply.',
  );
}

interface Around {
  readonly config: ClientConfig;
  readonly look: Look;
  readonly status: InstanceStatus;
}

const NOBODY = 'Nothing was changed. Make it, or correct "user" of the client, then say vaultvisor apply.';

/** Of a unit that is not up there is nothing to compare with. */
async function compared(unit: Unit, { config, look, status }: Around, accepted: boolean): Promise<readonly string[]> {
  const main = unit.isActive ? processAt(unit.mainPid) : null;
  const live = main === null ? null : await liveBelow(main);
  if (live === null) return [];
  const { user } = config.settings;
  const uid =
    user === undefined ? statSync(`/proc/${look.daemon.pid}`).uid : (await requireUser(user.name, NOBODY)).uid;
  const { grave, told } = await differencesOf(live, { config, status, uid });
  if (grave.length === 0 || accepted) return [...grave, ...told];
  throw new VisorError(
    'usage',
    `${nameOf(status)} would not be what it was: ${grave.join('; ')}`,
    'Nothing was changed. Mend the args file, say vaultvisor apply, then this again; or go on all the same with --accept-differences.',
  );
}
