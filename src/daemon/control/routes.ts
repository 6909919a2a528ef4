import { VisorError } from '../../errors.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Clock } from '../clock.ts';
import type { Configuration } from '../configuration.ts';
import type { RunningInstance } from '../instance/instance.ts';
import type { Instances } from '../instances.ts';
import { type Tried, tryReceivers } from '../notify/trial.ts';
import { eventOf } from './acts.ts';
import { type Read, readRoutes } from './read-routes.ts';
import { readRequest } from './request.ts';
import type { Routes } from './server.ts';

export interface Controlled extends Read {
  readonly instances: Instances;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly configuration: Configuration;
}

/** What the commands may ask of a daemon. The paths are versioned: an upgraded command meets an old daemon. */
export function controlRoutes(on: Controlled): Routes {
  return {
    ...readRoutes(on),
    'POST /v1/apply': async (body) => apply(readRequest.apply(body).allowRemove, on),
    'POST /v1/act': async (body) => act(readRequest.act(body), on),
    'POST /v1/notify-test': async (body) => notifyTest(readRequest.notifyTest(body), on),
    'POST /v1/restore': async (body) => restore(readRequest.restore(body), on),
  };
}

/** The daemon's own watch is mostly faster than the person who asks: what it took up is told too. */
async function apply(allowRemove: boolean, { configuration }: Controlled): Promise<object> {
  const changes = await configuration.apply(allowRemove);
  return { changes, last: changes.length > 0 ? null : configuration.last() };
}

async function act(
  { network, client, act: asked }: ReturnType<typeof readRequest.act>,
  { instances, blobs, clock, look }: Controlled,
): Promise<object> {
  const instance = theInstance(network, client, instances);
  const isHeld = asked.act === 'pin' && (await blobs.has(asked.checksum));
  const event = eventOf(asked, instance.value(), instance.policy(), clock.now(), () => isHeld);
  if (asked.act === 'start') await instance.wanted(asked.skipGuard);
  await instance.ask(event);
  return { instance: look().instances.find((one) => one.network === network && one.client === client) };
}

/** By the file in force. */
async function notifyTest(asked: Tried, { configuration }: Controlled): Promise<object> {
  const { notify, allowInsecure } = configuration.present()?.config ?? { notify: null, allowInsecure: false };
  return { results: await tryReceivers(notify, allowInsecure, asked) };
}

async function restore(
  { network, client, update }: ReturnType<typeof readRequest.restore>,
  { instances }: Controlled,
): Promise<object> {
  await theInstance(network, client, instances).restore(update);
  return {};
}

function theInstance(network: string, client: string, instances: Instances): RunningInstance {
  const instance = instances.get(`${network}/${client}`);
  if (instance !== undefined) return instance;
  throw new VisorError('usage', `There is no ${network}/${client} here`, 'Look at status for what there is.');
}
