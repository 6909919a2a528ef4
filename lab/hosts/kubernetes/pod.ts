import { processes } from '../../../src/process/who/processes.ts';
import { textAt } from '../../support/journal.ts';
import type { Cluster } from './cluster.ts';

export const POD = 'vault-0';

/** What the kubelet says of one container of the pod. */
export interface Told {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
  readonly state: { readonly running?: { readonly startedAt: string }; readonly waiting?: { readonly reason: string } };
}

/** The one pod of a StatefulSet of deploy/. */
export interface Pod {
  /** @throws Error where there is no pod */
  told(container: string): Promise<Told>;
  uid(): Promise<string>;
  exec(container: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Outside: the first process of a container, and vaultvisor below it. */
  pids(container: string): Promise<{ readonly init: number; readonly vaultvisor: number }>;
}

export function podOf({ kubectl, outcome }: Cluster): Pod {
  const read = async () => JSON.parse(await kubectl('get', 'pod', POD, '-o', 'json'));

  async function told(container: string): Promise<Told> {
    const { initContainerStatuses = [], containerStatuses = [] } = (await read()).status;
    const all: readonly Told[] = [...initContainerStatuses, ...containerStatuses];
    const found = all.find(({ name }) => name === container);
    if (found === undefined) throw new Error(`the pod has no container ${container} yet`);
    return found;
  }

  return {
    told,
    uid: async () => (await read()).metadata.uid,
    exec: (container, ...words) => outcome('exec', POD, '-c', container, '--', ...words),
    async pids(container) {
      const id = (await told(container)).containerID?.split('//')[1] ?? 'none';
      const inside = processes().filter(({ pid }) => textAt(`/proc/${pid}/cgroup`).includes(id));
      const init = inside.find(({ parent }) => inside.every(({ pid }) => pid !== parent))?.pid ?? 0;
      return { init, vaultvisor: inside.find(({ parent }) => parent === init)?.pid ?? 0 };
    },
  };
}
