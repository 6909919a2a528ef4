import { mkdir, rm } from 'node:fs/promises';
import type { Cluster } from './cluster.ts';
import { NODE } from './cluster.ts';

/** A folder of this machine as the volume that the claim of a StatefulSet finds; empty, and root's, as a new disk is. */
export async function offerVolume({ apply }: Cluster, name: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [NODE] };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOncePod'],
      persistentVolumeReclaimPolicy: 'Retain',
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  };
  await apply(JSON.stringify(volume));
}
