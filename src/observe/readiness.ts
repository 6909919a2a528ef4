import type { InstanceStatus } from '../core/instance-status.ts';
import type { Look } from './look.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly instances: readonly {
    readonly network: string;
    readonly client: string;
    readonly ready: boolean;
    /** What it lacks, in words; `null`: nothing. */
    readonly reason: string | null;
  }[];
}

/** Whether the daemon is at work: every instance was taken up, and each has its child up or its source read. */
export function readinessOf({ instances }: Look): Readiness {
  const all = instances.map((instance) => {
    const reason = lack(instance);
    return { network: instance.network, client: instance.client, ready: reason === null, reason };
  });
  return { ready: all.every(({ ready }) => ready), instances: all };
}

const lack = ({ child, blocked, trouble }: InstanceStatus): string | null =>
  child === null ? (blocked ?? trouble) : null;
