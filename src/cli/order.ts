import type { InstanceStatus } from '../core/instance-status.ts';
import type { Act } from '../daemon/control/acts.ts';
import type { Look } from '../observe/look.ts';
import { askDaemon } from './client.ts';
import type { Context } from './context.ts';
import { type Located, locate } from './home.ts';
import { requirePlace, theOne } from './pick.ts';

/** Milliseconds: an act is done when it is saved, and a disk may be slow. */
const PATIENCE = 60_000;

export interface Ordered {
  readonly located: Located;
  readonly before: InstanceStatus;
  readonly instance: InstanceStatus;
}

/** Has the daemon do it for the one instance that is meant. It is saved when this resolves; nothing is changed when it throws. */
export async function ordered(place: string | undefined, act: Act, context: Context): Promise<Ordered> {
  requirePlace(place);
  const located = await locate(context);
  const before = theOne(await instancesOf(located, context), place);
  const { network, client } = before;
  const question = { method: 'POST', path: '/v1/act', body: { network, client, act }, patience: PATIENCE } as const;
  const { instance } = await askDaemon<{ instance: InstanceStatus }>(located.home, question, context);
  return { located, before, instance };
}

export async function instancesOf({ home }: Located, context: Context): Promise<readonly InstanceStatus[]> {
  const question = { method: 'GET', path: '/v1/status', patience: 10_000 } as const;
  return (await askDaemon<Look>(home, question, context)).instances;
}
