import { placedClients } from '../config/accepted-record.ts';
import { quietly, secretsOf } from '../config/quiet-words.ts';
import type { Config } from '../config/settings.ts';
import { occupant } from '../core/occupancy.ts';
import type { Home } from '../layout.ts';
import type { Lock } from '../process/lock.ts';
import type { LockFolder } from '../process/lock-folder.ts';
import { removeLeftovers, writeAtomic } from '../store/atomic-write.ts';
import { openBlobs } from '../store/blobs.ts';
import { createDownloader } from '../store/downloader.ts';
import { statusLine } from '../systemd/status-line.ts';
import type { Booting, bootConfig } from './boot-config.ts';
import { type Configuration, createConfiguration } from './configuration.ts';
import { continuedClock } from './continued-clock.ts';
import type { Discreet } from './control/log-readers.ts';
import { readRoutes, type Tell, type Told } from './control/read-routes.ts';
import { createReaders } from './control/readers.ts';
import { controlRoutes } from './control/routes.ts';
import { type ControlServer, serveControl } from './control/server.ts';
import { rememberHome } from './find-config.ts';
import { createFront } from './front.ts';
import { watchHomeLock } from './home-lock.ts';
import { haveOwnUsers } from './home-way.ts';
import type { RunningInstance } from './instance/instance.ts';
import { createInstances, type Instances, type Observe, type Refused } from './instances.ts';
import { endLeftBehind } from './left-behind.ts';
import { createNetworks } from './networks.ts';
import { createMessenger } from './notify/messenger.ts';
import { overview } from './overview.ts';
import { createPermits } from './permits.ts';
import { plansOf } from './plans.ts';
import type { Ending, Services } from './services.ts';
import { createSweeper } from './sweep.ts';
import { createTimeline } from './timeline.ts';

/** What was named before is perhaps named no longer; while an instance is held nothing is committed, and each new release takes the place of another. */
const freeing = new Set(['committed', 'rolledBack', 'fetched']);

export interface DaemonOptions extends Booting {
  readonly version: string;
  /** Who wants every client started whatever its account signs; `null`: nobody. */
  readonly skipGuard: string | null;
  /** What commands find on disk, for those who may only ask the daemon. */
  tell(what: Told, config: Config | null, place: string | null): Promise<object>;
  /** Told how a client ended that is down now and may not be started again by itself. */
  readonly down?: (exit: Ending) => void;
  /** Told of transfers, for a terminal. */
  readonly progress?: Services['progress'];
}

export interface Daemon {
  /** Reads the file again; what is wrong with it is told in the log and in the status. */
  reload(): Promise<void>;
  /** What a stop waits for, in words. */
  waitsFor(): readonly string[];
  /** How the clients are, in one line. */
  words(): string;
  /** What does not move any more, in words; `null`: every instance is alive. */
  stuck(): string | null;
  /** Stops all children in parallel, each with its own grace. */
  stop(): Promise<void>;
}

/** A home that is ours. */
export interface OverHome extends DaemonOptions {
  readonly home: Home;
  readonly lock: Lock;
  readonly locks: LockFolder;
  readonly boot: Awaited<ReturnType<typeof bootConfig>>;
}

/** Everything over a home that was taken. Wires; decides nothing. */
export async function overHome(over: OverHome): Promise<Daemon> {
  const { home, lock, locks, boot, file, log, version, progress = () => {} } = over;
  const clock = await continuedClock(home, log);
  const startedAt = Date.now();
  if (locks.note) log.warn({ folder: locks.folder }, locks.note);
  await Promise.all([home.root, home.store.partial, home.store.verified].map((folder) => removeLeftovers(folder)));

  const blobs = openBlobs(home.store);
  const allowInsecure = () => configuration.present()?.config.allowInsecure ?? false;
  const downloader = createDownloader(blobs, {
    get allowInsecure() {
      return allowInsecure();
    },
  });
  const homeLock = watchHomeLock(lock, home.root, log);
  const leaving = new AbortController();
  const [updating, starting] = [createPermits(1), createPermits(2)];
  const services: Services = {
    home,
    blobs,
    downloader,
    clock,
    updating,
    starting,
    lockFolder: locks.folder,
    homeLock,
    ask: (network) => networks.ask(network),
    head(network) {
      const state = networks.state(network);
      return state && { specVersion: state.specVersion, block: state.finalized?.number ?? null };
    },
    skipGuard: over.skipGuard,
    leaving: leaving.signal,
    down: over.down ?? (() => {}),
    version,
    log,
    progress,
    allowInsecure,
  };
  const sweeper = createSweeper(() => instances, services);
  const timeline = createTimeline(home);
  const observe: Observe = (instance, notice, line) => {
    messenger.told(instance, notice);
    front.told(instance, notice);
    timeline.told(instance, line);
    if (freeing.has(notice.event)) sweeper.soon();
  };
  const tellLast = (instance: RunningInstance): void => {
    const last = networks.last(instance.network, instance.client);
    if (last) instance.announce(last);
  };
  const instances = createInstances(services, observe, tellLast);
  const networks = createNetworks({
    home,
    log,
    announced: (network, client, announcement) => instances.get(`${network}/${client}`)?.announce(announcement),
    seen: (network, client, sighting) => instances.get(`${network}/${client}`)?.seen(sighting),
    decoded: (network, client, events, block) => instances.get(`${network}/${client}`)?.decoded(events, block),
  });
  const configuration: Configuration = createConfiguration({
    file,
    boot,
    log,
    isRunning: (place) => instances.get(place)?.value().slot.at !== 'empty',
    async keep({ record }) {
      await writeAtomic(home.accepted, `${JSON.stringify(record)}\n`, { mode: 0o600 });
      await rememberHome(file, home.root);
    },
    async enforce({ inForce: { config, kept }, removed }) {
      // first: what happens to the clients from here on is told
      await messenger.configure(config.notify);
      updating.resize(config.maxUpdating);
      starting.resize(config.maxStarting);
      await Promise.all(removed.map((place) => instances.remove(place)));
      const placed = [...placedClients(config), ...kept];
      await instances.configure(placed);
      await networks.follow(plansOf(placed, (network) => highestBlock(instances, network)));
      // one that could not be taken up before has missed what was said since; to the others it is no news
      for (const instance of instances.all()) tellLast(instance);
      await front.listen(config.http);
      const held = instances.all().flatMap((instance) => occupant(instance.value().slot) ?? []);
      const users = await haveOwnUsers([...held, ...placed.map(({ client }) => client.settings)]);
      await readers.follow(config.control.group, users);
    },
  });
  const look = () =>
    overview({ instances, networks, configuration, file, version, startedAt, home: home.root, homeLock, messenger });
  const messenger = createMessenger({
    record: home.notify,
    log,
    clock,
    see: () => (isUp ? { ...look(), refusal: configuration.refusal() } : null),
    ill: () => homeLock.lost() ?? instances.refused()[0]?.reason ?? null,
    allowInsecure,
  });
  let isUp = false;
  const front = createFront(look, timeline, log);
  const clients = () => [...instances.all(), ...instances.refused().map(asFarAsKnown)];
  const tell: Tell = (what, place) => over.tell(what, configuration.present()?.config ?? null, place);
  const answering = { home, instances, blobs, clock, configuration, look, version, startedAt, clients, tell };
  const readers = createReaders(home, readRoutes(answering), log);

  let control: ControlServer | null = null;
  const stopping = new AbortController();
  let leftBehind: Promise<void> = Promise.resolve();
  async function stop(): Promise<void> {
    leaving.abort();
    await configuration.stop();
    stopping.abort();
    await leftBehind;
    await sweeper.stop();
    await networks.stop();
    isUp = false;
    await instances.stop();
    await messenger.stop();
    await front.stop();
    await control?.stop();
    await readers.stop();
    // last: from here on another daemon may take the home, with a socket of its own
    homeLock.release();
  }

  try {
    await configuration.begin();
    // the folder of the note is emptied by every boot of the machine, and we may have died before we wrote it
    await rememberHome(file, home.root);
    leftBehind = endLeftBehind((place) => instances.has(place), services, observe, stopping.signal);
    sweeper.soon();
    control = await serveControl(home.controlSocket, controlRoutes(answering), log);
    isUp = true;
    log.info({ version, home: home.root, instances: instances.all().length }, 'vaultvisor runs');
    return {
      reload: configuration.reload,
      waitsFor: () => instances.all().flatMap((instance) => instance.waitsFor()),
      words: () => statusLine(look().instances),
      stuck: () =>
        instances
          .all()
          .map((instance) => instance.stuck())
          .find((words) => words !== null) ?? null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One whose state cannot be read: its file says what it is given. */
function asFarAsKnown({ config: { network, client, settings } }: Refused): Discreet {
  return { network, client, quiet: (value) => quietly(value, secretsOf(settings)), learnSecrets: async () => {} };
}

function highestBlock(instances: Instances, network: string): number | null {
  const blocks = instances
    .all()
    .flatMap((instance) => (instance.network === network ? (instance.value().chain.block ?? []) : []));
  return blocks.length > 0 ? Math.max(...blocks) : null;
}
