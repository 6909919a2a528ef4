import { deploymentOf, isRenderable } from '../core/deployment.ts';
import type { Instance } from '../core/instance.ts';
import { occupant } from '../core/instance.ts';
import type { Checksum } from '../core/release.ts';
import { sentenceOf } from '../errors.ts';
import { pruneDeployments } from '../install/deployment-dir.ts';
import type { Instances } from './instances.ts';
import type { Services } from './services.ts';

/** What a person may still look at, or a child may still be executing, is not swept from under them at once. */
const AFTER = 1_000;

/** Removes releases and deployments that no instance names any more, some time after something was committed. */
export interface Sweeper {
  soon(): void;
  stop(): void;
}

export function createSweeper(instances: () => Instances, services: Services): Sweeper {
  let timer: NodeJS.Timeout | null = null;
  const run = () => {
    timer = null;
    sweep(instances(), services).catch((error: unknown) =>
      services.log.warn({ reason: sentenceOf(error) }, 'old releases could not be removed'),
    );
  };
  return {
    soon() {
      timer ??= setTimeout(run, AFTER);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

async function sweep(instances: Instances, { blobs, home, log }: Services): Promise<void> {
  for (const instance of instances.all()) {
    const folder = home.instance(instance.network, instance.client);
    instance.forget(await pruneDeployments(folder, [...deploymentsOf(instance.value()), ...instance.inUse()]));
  }
  // a state that cannot be read names bytes that we do not know of
  if (instances.refused().length > 0) return;
  const gone = await blobs.prune(new Set(instances.all().flatMap((instance) => checksumsOf(instance.value()))));
  if (gone.length > 0) log.info({ checksums: gone }, 'releases that nobody names any more were removed');
}

function deploymentsOf(i: Instance): readonly string[] {
  const { pending } = i.chain;
  const ahead = pending && isRenderable(pending, i.config.settings) ? [deploymentOf(pending, i.config.settings)] : [];
  const from = i.slot.at === 'switching' ? [i.slot.from.deployment] : [];
  return [
    occupant(i.slot),
    i.next?.deployment ?? null,
    ...i.formers.map((f) => f.deployment),
    ...ahead,
    ...from,
  ].flatMap((d) => d?.id ?? []);
}

function checksumsOf(i: Instance): readonly Checksum[] {
  const deployments = [
    occupant(i.slot),
    i.next?.deployment ?? null,
    ...i.formers.map((f) => f.deployment),
    i.slot.at === 'switching' ? i.slot.from.deployment : null,
  ];
  const releases = [
    i.chain.named,
    i.chain.pending,
    i.said.pinned?.release ?? null,
    i.config.initial,
    ...deployments.map((d) => d?.release ?? null),
  ];
  return releases.flatMap((release) => release?.checksum ?? []);
}
