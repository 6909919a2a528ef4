import { mkdir } from 'node:fs/promises';
import { type Placed, placedClients } from '../config/accepted-record.ts';
import { watchFile } from '../config/watch.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { homeAt } from '../layout.ts';
import type { Log } from '../log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { lockFolder } from '../process/lock-folder.ts';
import { requireLinux } from '../process/machine.ts';
import { takeSupervisorLock } from '../process/supervisor-lock.ts';
import { writeAtomic } from '../store/atomic-write.ts';
import { openBlobs } from '../store/blobs.ts';
import { createDownloader } from '../store/downloader.ts';
import { type InForce, type Proposal, propose, restore } from './acceptance.ts';
import { createClock } from './clock.ts';
import { controlRoutes } from './control/routes.ts';
import { serveControl } from './control/server.ts';
import { findConfig, rememberHome } from './find-config.ts';
import { createFront } from './front.ts';
import { createInstances } from './instances.ts';
import { createNetworks, type NetworkPlan } from './networks.ts';
import { overview } from './overview.ts';
import { createPermits } from './permits.ts';
import type { Services } from './services.ts';
import { createSweeper } from './sweep.ts';

export interface DaemonOptions {
  /** Path of the args file, as the operator gave it. */
  readonly file: string;
  /** Refuse to start with a file that is not valid, although one was accepted before. */
  readonly strict: boolean;
  readonly version: string;
  readonly log: Log;
}

export interface Daemon {
  /** Reads the file again; resolves when it is accepted, rejects when it is refused and the former stays in force. */
  reload(): Promise<void>;
  /** What a stop waits for, in words. */
  waitsFor(): readonly string[];
  /** Stops all children in parallel, each with its own grace. */
  stop(): Promise<void>;
}

/**
 * Wires everything together; decides nothing.
 * @throws VisorError `config` (78) without a file that was ever valid, `busy` (75) where another daemon holds this home
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  requireLinux();
  const { file, log, version } = options;
  const clock = createClock();
  const startedAt = clock.now();
  const boot = await bootConfig(options);
  const home = homeAt(boot.home);
  await mkdir(home.root, { recursive: true, mode: 0o700 });
  const lock = await takeSupervisorLock(home.supervisorLock);

  let present = boot.present;
  let refusal = boot.refusal;
  const locks = await lockFolder({
    lockDir: (present?.config ?? boot.proposal?.inForce.config)?.lockDir ?? null,
    fallback: home.locks,
  });
  if (locks.note) log.warn({ folder: locks.folder }, locks.note);

  const blobs = openBlobs(home.store);
  const insecure = () => present?.config.allowInsecure ?? false;
  const services: Services = {
    home,
    blobs,
    downloader: createDownloader(blobs, {
      get allowInsecure() {
        return insecure();
      },
    }),
    clock,
    updating: createPermits(1),
    starting: createPermits(2),
    lockFolder: locks.folder,
    log,
  };

  const metrics = createMetrics();
  const sweeper = createSweeper(() => instances, services);
  const instances = createInstances(services, {
    notice(instance, notice) {
      metrics.told(instance, notice);
      if (notice.event === 'committed' || notice.event === 'rolledBack') sweeper.soon();
    },
  });
  const networks = createNetworks({
    home,
    log,
    announced: (network, client, announcement) => instances.get(`${network}/${client}`)?.announce(announcement),
    decoded: (network, client, events, block) => instances.get(`${network}/${client}`)?.decoded(events, block),
  });
  const look = () =>
    overview({
      instances,
      networks,
      inForce: () => present,
      refusal: () => refusal,
      file,
      version,
      startedAt,
      home: home.root,
    });
  const front = createFront(metrics, look, log);

  /** The record is on disk before anything of it is done: a death in between is a restart with the new file. */
  async function enforce({ inForce, removed }: Proposal): Promise<void> {
    if (JSON.stringify(present?.record) !== JSON.stringify(inForce.record) || present === null) {
      await writeAtomic(home.accepted, `${JSON.stringify(inForce.record)}\n`, { mode: 0o600 });
      await rememberHome(file, home.root);
    }
    present = inForce;
    refusal = null;
    const { config } = inForce;
    services.updating.resize(config.maxUpdating);
    services.starting.resize(config.maxStarting);
    await Promise.all(removed.map((place) => instances.remove(place)));
    const placed = [...placedClients(config), ...inForce.kept];
    await instances.configure(placed);
    await networks.follow(plansOf(placed, floorOf));
    await front.listen(config.http);
  }

  const floorOf = (network: string): number | null => {
    const blocks = instances
      .all()
      .flatMap((instance) => (instance.network === network ? (instance.value().chain.block ?? []) : []));
    return blocks.length > 0 ? Math.max(...blocks) : null;
  };

  const isRunning = (place: string) => {
    const instance = instances.get(place);
    return instance !== undefined && instance.value().slot.at !== 'empty';
  };

  let turn: Promise<unknown> = Promise.resolve();
  /** One file after the other: two that come at once must not mix. */
  function apply(allowRemove: boolean): Promise<readonly string[]> {
    const act = async () => {
      const { text } = await findConfig(file);
      if (text === null)
        throw new VisorError('config', `${file} is not there`, 'The former file stays in force. Put it back.');
      const proposal = propose(present, { file, text, allowRemove }, isRunning);
      await enforce(proposal);
      return proposal.changes;
    };
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  }

  async function reload(): Promise<void> {
    try {
      const changes = await apply(false);
      if (changes.length > 0) log.info({ changes }, 'the args file was accepted');
    } catch (error) {
      refusal = sentenceOf(error);
      log.error(
        { file, reason: refusal, next: error instanceof VisorError ? error.next : undefined },
        'the args file was refused; the former one stays in force',
      );
    }
  }

  const watching = new AbortController();
  try {
    await watchFile(file, () => void reload(), watching.signal);
    if (boot.proposal) await enforce(boot.proposal);
    else if (present) await enforce({ inForce: present, removed: [], changes: [] });
    sweeper.soon();
    const control = await serveControl(
      home.controlSocket,
      controlRoutes({ instances, blobs, clock, apply, look, version, startedAt }),
      log,
    );
    log.info({ version, home: home.root, instances: instances.all().length }, 'vaultvisor runs');
    return {
      reload,
      waitsFor: () => instances.all().flatMap((instance) => instance.waitsFor()),
      async stop() {
        watching.abort();
        sweeper.stop();
        await networks.stop();
        await instances.stop();
        await front.stop();
        await control.stop();
        lock.release();
      },
    };
  } catch (error) {
    watching.abort();
    await networks.stop();
    await instances.stop();
    await front.stop();
    lock.release();
    throw error;
  }
}

interface Boot {
  readonly home: string;
  /** What was in force before. */
  readonly present: InForce | null;
  /** What the file says now; `null`: it is refused, and what was in force stays. */
  readonly proposal: Proposal | null;
  readonly refusal: string | null;
}

async function bootConfig({ file, strict, log }: DaemonOptions): Promise<Boot> {
  const { text, home, accepted } = await findConfig(file);
  try {
    if (text === null)
      throw new VisorError(
        'config',
        `${file} is not there`,
        'Write it (vaultvisor config schema, args.example.json), or name another with --config FILE.',
      );
    const before = accepted && restoreOrNull(accepted, log);
    // an instance that the file no longer names is asked for its state once it is taken up
    const proposal = propose(before, { file, text, allowRemove: false }, () => true);
    return { home: proposal.inForce.config.home, present: before, proposal, refusal: null };
  } catch (error) {
    if (strict || accepted === null || home === null) throw error;
    log.error(
      { file, reason: sentenceOf(error) },
      'the args file was refused; the one that was accepted last stays in force',
    );
    return { home, present: restore(accepted), proposal: null, refusal: sentenceOf(error) };
  }
}

function restoreOrNull(accepted: Parameters<typeof restore>[0], log: Log): InForce | null {
  try {
    return restore(accepted);
  } catch (error) {
    log.warn(
      { reason: sentenceOf(error) },
      'the configuration that was accepted last cannot be read by this version; the file alone counts',
    );
    return null;
  }
}

function plansOf(placed: readonly Placed[], floorOf: (network: string) => number | null): readonly NetworkPlan[] {
  const plans = new Map<string, NetworkPlan>();
  for (const { network, client } of placed) {
    const plan = plans.get(network.name) ?? {
      name: network.name,
      endpoints: network.endpoints,
      genesis: network.genesis,
      sources: new Map(),
      floor: floorOf(network.name),
    };
    plans.set(network.name, { ...plan, sources: new Map([...plan.sources, [client.client, client.source]]) });
  }
  return [...plans.values()];
}
