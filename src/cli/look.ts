import type { InstanceStatus } from '../core/status.ts';
import { VisorError } from '../errors.ts';
import type { Look } from '../observe/look.ts';
import { ask } from './client.ts';
import { statusFromDisk } from './disk/look.ts';
import type { Located } from './home.ts';

/** What `status` shows: a daemon's own look, or what the disk tells without one. */
export interface Seen {
  readonly instances: readonly InstanceStatus[];
  readonly daemon: Look['daemon'] | null;
  readonly networks: Look['networks'];
}

/** Milliseconds. A daemon answers within a few; one that is stopped, never. */
const PATIENCE = 5_000;

export async function see(located: Located): Promise<Seen> {
  const { look, trouble } = await lookOf(located);
  return look ?? { instances: await statusFromDisk(located, trouble), daemon: null, networks: [] };
}

async function lookOf({ home }: Located): Promise<{ look: Look | null; trouble: string }> {
  try {
    const look = await ask<Look>(home, { method: 'GET', path: '/v1/status', patience: PATIENCE });
    return { look, trouble: 'no daemon runs: nobody looks after this client' };
  } catch (error) {
    if (!(error instanceof VisorError) || error.code !== 'busy') throw error;
    return { look: null, trouble: 'the daemon does not answer: this is what the disk says' };
  }
}
