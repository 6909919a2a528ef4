import type { Deployment, DeploymentId } from '../core/deployment.ts';
import type { Instance } from '../core/instance.ts';
import { onData, seenByData } from '../core/migrations.ts';
import { occupant } from '../core/occupancy.ts';
import type { Policy } from '../core/policy.ts';
import { withSettings } from '../core/questions.ts';
import type { Checksum } from '../core/release.ts';
import { pendings } from '../core/unfit.ts';
import { sentenceOf } from '../errors.ts';
import { pruneDeployments } from '../install/deployment-dir.ts';
import type { Log } from '../log.ts';
import type { Blobs } from '../store/blobs.ts';
import { listStaged, unstage } from '../store/stage.ts';
import { sweepBackups } from './data/sweep.ts';
import type { Instances } from './instances.ts';
import type { Services } from './services.ts';

/** What a person may still look at, or a child may still be executing, is not swept from under them at once. */
const AFTER = 1_000;

/** Removes releases and deployments that no instance names any more, some time after something was committed. */
export interface Sweeper {
  soon(): void;
  stop(): Promise<void>;
}

export function createSweeper(instances: () => Instances, services: Services): Sweeper {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let going = Promise.resolve();
  const run = async () => {
    await sweep(instances(), services, stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      services.log.warn({ reason: sentenceOf(error) }, 'old releases could not be removed');
    });
  };
  const begin = () => {
    timer = null;
    going = going.then(run);
  };
  return {
    soon() {
      timer ??= setTimeout(begin, AFTER);
    },
    async stop() {
      if (timer !== null) clearTimeout(timer);
      stopping.abort();
      await going;
    },
  };
}

async function sweep(instances: Instances, { blobs, home, log }: Services, signal: AbortSignal): Promise<void> {
  for (const instance of instances.all()) {
    const folder = home.instance(instance.network, instance.client);
    await pruneDeployments(folder, (id) => {
      const named = [...deploymentsOf(instance.value(), instance.policy()), ...instance.inUse()];
      if (named.includes(id)) return false;
      // before it has gone: nothing may be staged on the strength of what is about to go
      instance.forget(id);
      return true;
    });
  }
  await pruneStore(instances, blobs, log);
  for (const instance of instances.all()) {
    const { data } = instance.config();
    if (data !== null) await sweepBackups(data, () => instance.value(), log, signal);
  }
}

async function pruneStore(instances: Instances, blobs: Blobs, log: Log): Promise<void> {
  // a state that cannot be read names bytes that we do not know of
  if (instances.refused().length > 0) return;
  const isNamed = (checksum: Checksum) =>
    instances.all().some((instance) => checksumsOf(instance.value(), instance.policy()).includes(checksum));
  const gone = await blobs.prune(async () => {
    const staged = await stillStaged(instances, blobs);
    return (checksum) => isNamed(checksum) || staged.includes(checksum);
  });
  if (gone.length > 0) log.info({ checksums: gone }, 'releases that nobody names any more were removed');
}

/** What a person staged is kept until it was committed somewhere; from then on it is kept like everything else. */
async function stillStaged(instances: Instances, { store }: Blobs): Promise<readonly Checksum[]> {
  const used = new Set(instances.all().flatMap((instance) => usedBy(instance.value())));
  const staged = await listStaged(store);
  for (const checksum of staged) if (used.has(checksum)) await unstage(store, checksum);
  return staged.filter((checksum) => !used.has(checksum));
}

function usedBy(i: Instance): readonly Checksum[] {
  const running = i.slot.at === 'running' ? [i.slot.deployment] : [];
  const committed = [...running, ...i.formers.map(({ deployment }) => deployment)];
  const ran = committed.flatMap(({ release, migrations = [] }) => [release, ...migrations]);
  return [...ran.map(({ checksum }) => checksum), ...seenByData(i)];
}

/** What is kept: what has the slot or leads back to it, what is prepared, and what is pending. */
function keptOf(i: Instance, policy: Policy): readonly Deployment[] {
  const from = i.slot.at === 'switching' ? [i.slot.from.deployment] : [];
  const ahead = pendings(i, policy).flatMap((release) => withSettings(i, release));
  return [
    occupant(i.slot),
    i.next?.deployment ?? null,
    ...i.formers.map((f) => f.deployment),
    ...ahead,
    ...from,
  ].filter((deployment) => deployment !== null);
}

const deploymentsOf = (i: Instance, policy: Policy): readonly DeploymentId[] => keptOf(i, policy).map(({ id }) => id);

/** Of the releases, of the migrations on the way to them, and of the operator's config files as they were read. */
function checksumsOf(i: Instance, policy: Policy): readonly Checksum[] {
  const kept = keptOf(i, policy);
  const releases = [i.chain.named, i.chain.pending, i.said.pinned?.release ?? null, i.config.initial];
  const named = [...releases, ...kept.map(({ release }) => release)].filter((release) => release !== null);
  const migrations = [
    ...kept.flatMap((deployment) => deployment.migrations ?? []),
    ...named.flatMap((release) => onData(i, release)),
    ...(i.slot.at === 'switching' ? i.slot.migrations : []),
  ];
  const files = [...kept, i.config.settings].flatMap(({ files = {} }) => Object.values(files));
  return [...[...named, ...migrations].map(({ checksum }) => checksum), ...files.map(({ sha256 }) => `0x${sha256}`)];
}
