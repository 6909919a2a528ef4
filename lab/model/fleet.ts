import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Look } from '../../src/observe/look.ts';
import { type Answered, ask } from '../support/ask.ts';
import type { Client } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { makeDisk } from '../support/disk/disk.ts';
import { unmountAll } from '../support/disk/mounts.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { createLooks } from './looks.ts';
import type { Edit, Patience } from './model.ts';
import { createRendezvous, type Rendezvous } from './rendezvous.ts';
import { chainOf, manifestOf, type Source } from './source.ts';
import type { Shared } from './words.ts';

/** Several clients of one daemon; each goes its own way but for what happens to the daemon. */
export interface Fleet {
  readonly scene: Scene;
  readonly everybody: Rendezvous;
  sourceOf(member: number): Source;
  /** The args file is no JSON just now; or the disk is full. */
  isGarbled(): boolean;
  isFull(): boolean;
  /** A look that begins after this was called. */
  look(): Promise<Look | null>;
  ask(path: `/v1/${string}`, body: object): Promise<Answered | null>;
  /** What the args file says of a client from now on; `null`: it does not name it. */
  write(place: string, edit: Edit | null): Promise<void>;
  happen(shared: Shared): Promise<void>;
  close(): Promise<void>;
}

export interface FleetRequest {
  readonly folder: string;
  readonly program: string;
  readonly client: Client;
  readonly members: readonly Patience[];
  /** Whether its home is a small disk of its own that can be filled. */
  readonly small: boolean;
}

export const placeOf = (member: number, { source }: Patience): string =>
  source === 'chain' ? `chain${member}/vault` : `lab/c${member}`;

const DISK = 128 * 2 ** 20;

export async function startFleet({ folder, program, client, members, small }: FleetRequest): Promise<Fleet> {
  await mkdir(join(folder, 'home'), { recursive: true, mode: 0o700 });
  if (small) makeDisk({ at: join(folder, 'home'), image: '', kind: 'tmpfs', bytes: DISK }).mount();
  const scene = await setScene(folder, program, client);
  const places = members.map((patience, member) => placeOf(member, patience));
  const said = new Map<string, Edit | null>(places.map((place) => [place, 'plain']));
  const sources = await Promise.all(
    members.map(({ source }, member) =>
      source === 'chain' ? chainOf(member) : manifestOf(scene, places[member] ?? ''),
    ),
  );
  let daemon: Daemon;
  let [isGarbled, isFull] = [false, false];
  let writing: Promise<void> = Promise.resolve();
  const looks = createLooks(scene.home);
  const filling = join(scene.home, 'filling');

  function sourceOf(member: number): Source {
    const source = sources[member];
    if (source === undefined) throw new Error(`the fleet has no member ${member}`);
    return source;
  }

  async function writeAll(): Promise<void> {
    const networks: Record<string, { clients: Record<string, object> }> = {};
    for (const [member, [place, edit]] of [...said].entries()) {
      const [network = '', name = ''] = place.split('/');
      const patience = members[member];
      if (edit === null || patience === undefined) continue;
      const source = sourceOf(member);
      const settled = { release: source.release, ...settings(scene, place, edit, patience) };
      networks[network] = { ...source.network, clients: { ...networks[network]?.clients, [name]: settled } };
    }
    await scene.write({}, { networks, defaults, maxUpdating: 100, maxStarting: 100 });
    isGarbled = false;
  }

  async function start(): Promise<void> {
    daemon = scene.start();
    while ((await looks()) === null) {
      if (daemon.hasEnded()) throw new Error(`the daemon ended with ${await daemon.ended}: ${await scene.log()}`);
      await sleep(20);
    }
  }

  const happenings: Readonly<Record<Shared, () => Promise<void>>> = {
    async 'kill daemon'() {
      daemon.kill('SIGKILL');
      await daemon.ended;
      await start();
    },
    async 'restart daemon'() {
      daemon.kill('SIGTERM');
      const status = await daemon.ended;
      if (status !== 0) throw new Error(`asked to end, the daemon ended with ${status}`);
      await start();
    },
    async 'apply --allow-remove'() {
      await writeAll();
      const answer = await ask(scene.home, '/v1/apply', { allowRemove: true });
      if (answer?.exit !== 0) throw new Error(`apply --allow-remove was refused: ${JSON.stringify(answer)}`);
    },
    async garble() {
      await writeAll();
      await ask(scene.home, '/v1/apply', { allowRemove: false });
      isGarbled = true;
      await writeFile(`${scene.config}.new`, '{ "home": ');
      await rename(`${scene.config}.new`, scene.config);
      const answer = await ask(scene.home, '/v1/apply', { allowRemove: false });
      if (answer?.exit !== 78) throw new Error(`a file that is no JSON was not refused: ${JSON.stringify(answer)}`);
    },
    async 'fill disk'() {
      isFull = true;
      if (small) fill(filling);
    },
    async 'free disk'() {
      rmSync(filling, { force: true });
      isFull = false;
    },
  };

  await Promise.all(places.map((place) => mkdir(scene.witness(place), { recursive: true })));
  await Promise.all(sources.map((source) => source.say({ named: null, pending: null, spec: 1 })));
  await writeAll();
  await start();
  return {
    scene,
    sourceOf,
    everybody: createRendezvous(members.length),
    isGarbled: () => isGarbled,
    isFull: () => isFull,
    look: looks,
    ask: (path, body) => ask(scene.home, path, body),
    write(place, edit) {
      said.set(place, edit);
      writing = writing.then(writeAll);
      return writing;
    },
    happen: (shared) => happenings[shared](),
    async close() {
      rmSync(filling, { force: true });
      await scene.stop();
      await Promise.all(sources.map((source) => source.stop()));
      unmountAll(folder);
      await scene.close();
    },
  };
}

/** To the last byte: each piece is as large as will go in. */
function fill(path: string): void {
  for (let size = 2 ** 22; size >= 1; ) {
    try {
      writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      size = Math.floor(size / 8);
    }
  }
}

/** Milliseconds for what is decided, and for what must not run out under load: seconds. */
const defaults = {
  health: { minHealthyTime: '100ms', healthyDeadline: '8s', probes: [{ log: 'Starting all services' }] },
  restart: { delay: '20ms', max: '2s', stableAfter: '1h' },
  retry: { after: '1h', max: '1h', attempts: 100 },
  stop: { signal: 'SIGINT', grace: '10s' },
  download: { retry: { after: '100ms', max: '1s' } },
};

const words: Readonly<Record<Edit, readonly string[]>> = { plain: [], more: ['--', 'more'], bad: ['--bad'] };

function settings({ witness }: Scene, place: string, edit: Edit, patience: Patience): object {
  const { exits, window, final, keep, allowDowngrade } = patience;
  return {
    identity: place,
    args: ['--witness', witness(place), '--tick', '50', ...words[edit]],
    health: { ...defaults.health, exits, rollbackWindow: window ? '1d' : '1ms' },
    restart: { ...defaults.restart, noRestart: { exitCodes: final ? [2] : [] } },
    keep,
    allowDowngrade,
  };
}
