import { redactValue } from '../config/redact.ts';
import type { InstanceStatus } from '../core/instance-status.ts';
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
  readonly notify: Look['notify'];
  /** Why it is the disk that was asked; `null`: a daemon answered. */
  readonly fromDisk: 'no daemon runs' | 'the daemon does not answer' | 'the daemon has just left' | null;
}

/** Milliseconds. A daemon answers within a few; one that is stopped, never. */
const PATIENCE = 5_000;

export async function see(located: Located): Promise<Seen> {
  const { look, fromDisk } = await lookOf(located);
  if (look !== null) return { ...look, fromDisk: null };
  const trouble = `${fromDisk}: nobody looks after this client`;
  const instances = redactValue(await statusFromDisk(located, trouble)) as readonly InstanceStatus[];
  return { instances, daemon: null, networks: [], notify: [], fromDisk };
}

async function lookOf({ home }: Located): Promise<{ look: Look | null; fromDisk: NonNullable<Seen['fromDisk']> }> {
  try {
    const look = await ask<Look>(home, { method: 'GET', path: '/v1/status', patience: PATIENCE });
    return { look, fromDisk: 'no daemon runs' };
  } catch (error) {
    if (!(error instanceof VisorError)) throw error;
    if (error.code === 'busy') return { look: null, fromDisk: 'the daemon does not answer' };
    // it died while it was asked: what it left on disk is what there is
    if (error.code === 'network') return { look: null, fromDisk: 'the daemon has just left' };
    throw error;
  }
}
