import { readFile } from 'node:fs/promises';
import { type Deployment, deploymentOf, toApply } from '../../core/deployment.ts';
import type { Instance } from '../../core/instance.ts';
import { committed, occupant } from '../../core/occupancy.ts';
import type { Checksum, Migration } from '../../core/release.ts';
import { isWithin } from '../../core/versions.ts';
import { parseRecord } from '../../install/deployment-record.ts';
import type { Result } from '../../install/material.ts';
import type { InstanceFolder } from '../../layout.ts';

/** What a deployment is started with, and why. */
export interface Explained {
  readonly is: 'current' | 'previous' | 'next';
  readonly deployment: Deployment;
  /** Which of the rules of `when` gave its args and env; `null`: none did; `undefined`: it was made of former settings, and nobody knows. */
  readonly rule: { readonly index: number; readonly versions: string } | null | undefined;
  readonly applied: readonly Migration[];
  /** Named in `migrated`. */
  readonly passedOver: readonly Checksum[];
  /** What was made of it; `null`: nothing was, or it is not laid out (yet). */
  readonly result: Result | null;
}

/** From the state and the folders of deployments. */
export async function explain(i: Instance, folder: InstanceFolder): Promise<readonly Explained[]> {
  const present = committed(i);
  const trial = i.slot.at === 'running' ? null : occupant(i.slot);
  const former = i.formers.map(({ deployment }) => deployment).find(({ id }) => id !== present?.id) ?? null;
  const all = [
    ['current', present],
    ['previous', former],
    ['next', trial],
    ['next', i.next?.deployment ?? null],
  ] as const;
  return Promise.all(all.flatMap(([is, one]) => (one === null ? [] : [explainOne(is, one, i, folder)])));
}

async function explainOne(
  is: Explained['is'],
  deployment: Deployment,
  { config: { settings } }: Instance,
  folder: InstanceFolder,
): Promise<Explained> {
  const { release, migrations = [], migrated = [] } = deployment;
  const text = await readFile(folder.deployment(deployment.id).record, 'utf8').catch(() => '');
  const isPresent = deploymentOf(release, settings, migrations).id === deployment.id;
  const index = settings.when?.findIndex(({ versions }) => isWithin(release, versions)) ?? -1;
  const rule = index < 0 ? null : { index, versions: settings.when?.[index]?.versions ?? '' };
  return {
    is,
    deployment,
    rule: isPresent ? rule : undefined,
    applied: toApply(deployment),
    passedOver: migrations.map(({ checksum }) => checksum).filter((checksum) => migrated.includes(checksum)),
    result: parseRecord(text, deployment)?.result ?? null,
  };
}
