import { setTimeout as pause } from 'node:timers/promises';
import { placedClients } from '../../config/accepted-record.ts';
import { configFor } from '../../config/config-for.ts';
import type { GuardStatus, InstanceStatus } from '../../core/instance-status.ts';
import { VisorError } from '../../errors.ts';
import { oneLine } from '../../observe/words/pieces.ts';
import type { Context } from '../context.ts';
import { configInForce } from '../disk/in-force.ts';
import type { Located } from '../home.ts';
import { instancesOf, ordered } from '../order.ts';
import { nameOf } from '../pick.ts';
import { withProgress } from '../progress.ts';
import { whoAsks } from '../who.ts';

export async function stop([place]: string[], _options: object, context: Context): Promise<number> {
  const { located, before } = await ordered(place, { act: 'stop' }, context);
  await until(before, 'its child to leave', ({ child }) => child === null, located, context);
  context.say(`${nameOf(before)} is stopped, until start.`);
  return 0;
}

export async function start([place]: string[], options: { skipGuard: boolean }, context: Context): Promise<number> {
  const act = { act: 'start', skipGuard: options.skipGuard ? whoAsks() : null } as const;
  const { located, before, instance } = await ordered(place, act, context);
  return up(before, instance, ({ child }) => child !== null, located, context);
}

export async function restart([place]: string[], _options: object, context: Context): Promise<number> {
  const { located, before, instance } = await ordered(place, { act: 'restart' }, context);
  const isAnother = ({ child }: InstanceStatus) =>
    child !== null && (child.pid !== before.child?.pid || child.startedAt !== before.child.startedAt);
  return up(before, instance, isAnother, located, context);
}

async function up(
  before: InstanceStatus,
  instance: InstanceStatus,
  isUp: (instance: InstanceStatus) => boolean,
  located: Located,
  context: Context,
): Promise<number> {
  if (instance.phase === 'empty') {
    context.say(`${nameOf(before)} may start; it has no release yet.`);
    return 0;
  }
  const { child } = await until(before, 'its child to be up', isUp, located, context);
  context.say(`${nameOf(before)} runs as pid ${child?.pid}.`);
  return 0;
}

/** Milliseconds that the machine may be slow, beyond what the file allows a child. */
const SLACK = 10_000;
const EVERY = 100;

/** Looks until it is so. @throws VisorError `busy` (75) where it takes longer than the file allows; what was asked stays asked */
async function until(
  before: InstanceStatus,
  what: string,
  isSo: (instance: InstanceStatus) => boolean,
  located: Located,
  context: Context,
): Promise<InstanceStatus> {
  const { network, client } = before;
  const end = performance.now() + patienceFor(before, located);
  return withProgress(what, async () => {
    for (;;) {
      const all = await instancesOf(located, context);
      const now = all.find((one) => one.network === network && one.client === client);
      if (now === undefined) throw gone(`${network}/${client}`);
      if (isSo(now)) return now;
      if (now.child === null && now.guard !== null && now.guard.state !== 'alarm') throw guarded(now, now.guard);
      if (performance.now() > end) throw late(now, what);
      await pause(EVERY);
    }
  });
}

/** The grace of its end, and the delay of its start; for ever where the grace is infinite. */
function patienceFor({ network, client, current }: InstanceStatus, located: Located): number {
  const config = configInForce(located);
  const placed =
    config && placedClients(config).find((one) => one.client.network === network && one.client.client === client);
  if (!placed) return 60_000 + SLACK;
  const { stop: stopping, startDelay, restart: resting } = configFor(placed.client, current);
  return stopping.grace === null ? Number.POSITIVE_INFINITY : stopping.grace + startDelay + resting.after + SLACK;
}

function late(now: InstanceStatus, what: string): VisorError {
  const why = now.blocked === null ? '' : `: ${oneLine(now.blocked)}`;
  return new VisorError(
    'busy',
    `${nameOf(now)} still waits for ${what}${why}`,
    'It was asked for and stays so; look at vaultvisor status and history.',
  );
}

/** It may take its ten minutes, or for ever: nobody need sit and wait. */
const guarded = (now: InstanceStatus, { reason }: GuardStatus): VisorError =>
  new VisorError(
    'busy',
    `${nameOf(now)} is not started yet: ${oneLine(reason)}`,
    'It was asked for and stays so; look at vaultvisor status and history.',
  );

const gone = (name: string): VisorError =>
  new VisorError('usage', `${name} is no longer here`, 'An edit of the args file has removed it meanwhile.');
