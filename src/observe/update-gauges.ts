import type { Gauge } from 'prom-client';
import type { InstanceLook } from './look.ts';

/** Makes a gauge of these labels. */
type Make = <L extends string>(name: string, help: string, labelNames: readonly L[]) => Gauge<L>;

const ofInstance = ['network', 'client'] as const;

/** Registers what becomes of the releases that the sources name: what they wait for, and which they are. */
export function updateGauges(gauge: Make): (instances: readonly InstanceLook[]) => void {
  const waiting = gauge(
    'update_waiting',
    'Always 1; the gate that the release which the source names, or its edit, waits for. Absent: it waits for nothing.',
    [...ofInstance, 'gate'],
  );
  const staged = gauge(
    'pending_staged',
    'Whether the release that is pending lies proved on disk. Absent: none is pending.',
    ofInstance,
  );
  const release = gauge(
    'release_info',
    'Always 1; what a release is to the instance: named by its source, current, next, queued, previous, pending or quarantined.',
    [...ofInstance, 'checksum', 'version', 'state'],
  );
  return (instances) => {
    for (const each of [waiting, staged, release]) each.reset();
    for (const instance of instances) {
      const labels = { network: instance.network, client: instance.client };
      if (instance.waiting !== null) waiting.set({ ...labels, gate: instance.waiting }, 1);
      if (instance.pendingStaged !== null) staged.set(labels, instance.pendingStaged ? 1 : 0);
      for (const [state, { checksum, version }] of releasesOf(instance))
        release.set({ ...labels, checksum, version: version ?? '', state }, 1);
    }
  };
}

interface Named {
  readonly checksum: string;
  readonly version: string | null;
}

function releasesOf(instance: InstanceLook): readonly (readonly [state: string, Named])[] {
  const { named, current, next, queued, previous, pending, quarantined } = instance;
  const held = Object.entries({ named, current, next, queued, previous, pending }).flatMap(([state, one]) =>
    one === null ? [] : [[state, one] as const],
  );
  const version = new Map(held.map(([, one]) => [one.checksum, one.version]));
  const barred = [...new Set(quarantined.map(({ checksum }) => checksum))];
  return [
    ...held,
    ...barred.map((checksum) => ['quarantined', { checksum, version: version.get(checksum) ?? null }] as const),
  ];
}
