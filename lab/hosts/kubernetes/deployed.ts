import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Stage } from '../stage.ts';
import { fillIn } from '../yours.ts';
import type { Cluster } from './cluster.ts';
import type { Pod } from './pod.ts';

/** A StatefulSet of deploy/, and what its one pod is seen by. */
export interface Deployed {
  readonly cluster: Cluster;
  readonly pod: Pod;
  readonly stage: Stage;
}

/** Inside, in the volume: nothing of the manifest is changed to show releases to the pod. */
export const ETC = '/var/lib/vaultvisor/etc';
export const HOME = '/var/lib/vaultvisor/home';

/** More than the thirty seconds after which a kubelet kills what says nothing, and less than the manifests say. */
export const GRACE = '32s';

const deploy = resolve(import.meta.dirname, '../../../deploy');

/** One of the manifests of deploy/, with our lines in the place of those that it marks as its user's. */
export const manifest = async (name: string, lines: Readonly<Record<string, string>>): Promise<string> =>
  fillIn(await readFile(join(deploy, name), 'utf8'), lines);
