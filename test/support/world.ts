import { type ExecFileException, execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { built, type DaemonProcess, look, type Program, startDaemonProcess } from '../../demo/daemon-process.ts';
import { type Line, overlaps, readJournal } from '../../demo/journal.ts';
import { type Behaviour, type Built, buildRelease } from '../../demo/release.ts';
import type { InstanceStatus } from '../../src/core/instance-status.ts';

/** A scratch home, its args file, its releases, and the real daemon over them. All of it ends with the test. */
export interface World {
  readonly folder: string;
  readonly home: string;
  readonly config: string;
  /** Names a release for an instance, by its manifest. `terms`: further keys of it. */
  name(place: string, behaviour: Behaviour, how?: { uri?: string; terms?: object }): Promise<Built>;
  /** The same of a file that a test has written itself. */
  nameFile(place: string, path: string, version: string): Promise<{ version: string; checksum: string }>;
  /** Writes the args file with these clients (`network/client`), as an editor does: beside it, then renamed. */
  write(clients: Readonly<Record<string, object>>, more?: object): Promise<void>;
  /** `words`: further ones of its command line. */
  start(...words: readonly string[]): DaemonProcess;
  status(place?: string): Promise<InstanceStatus | undefined>;
  until(what: string, holds: (status: InstanceStatus) => boolean, place?: string): Promise<InstanceStatus>;
  /** Runs the command line. */
  run(...args: string[]): Promise<{ code: number; out: string; err: string }>;
  history(place?: string): Promise<readonly { event: string; [key: string]: unknown }[]>;
  journal(place?: string): Promise<readonly Line[]>;
}

/** A history that nothing was added to for so long (ms) has all that was told. */
const SETTLED = 150;

/** Patience of milliseconds. */
export const quick = {
  health: { minHealthyTime: '300ms', healthyDeadline: '10s', exits: 2, probes: [{ log: 'Starting all services' }] },
  restart: { delay: '50ms', max: '500ms', stableAfter: '10s' },
  stop: { signal: 'SIGINT', grace: '5s' },
  download: { retry: { after: '200ms', max: '1s' } },
};

export interface WorldOptions {
  /** Where the scratch folder is made. */
  readonly below?: string;
  /** Else that of `dist/`. */
  readonly program?: Program;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const program = options.program ?? built;
  const folder = await mkdtemp(join(options.below ?? tmpdir(), 'vaultvisor-test-'));
  const home = join(folder, 'home');
  const config = join(folder, 'args.json');
  const daemons: DaemonProcess[] = [];
  await mkdir(join(folder, 'locks'));
  onTestFinished(async () => {
    for (const daemon of daemons) daemon.kill('SIGTERM');
    await Promise.all(daemons.map(({ ended }) => ended));
    await rm(folder, { recursive: true, force: true });
  });
  const data = (place: string) => join(home, 'instances', place);
  const manifest = (place: string) => join(folder, `${place.replace('/', '-')}.json`);

  async function replace(path: string, text: string): Promise<void> {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  async function status(place = 'kintsugi/vault'): Promise<InstanceStatus | undefined> {
    return (await look(home))?.instances.find(({ network, client }) => `${network}/${client}` === place);
  }

  return {
    folder,
    home,
    config,
    status,
    async name(place, behaviour, how = {}) {
      const built = buildRelease(behaviour);
      const path = join(folder, `vault-${behaviour.version}-${behaviour.manner}`);
      await writeFile(path, built.bytes);
      await replace(
        manifest(place),
        JSON.stringify({
          version: built.version,
          uri: how.uri ?? `file://${path}`,
          checksum: built.checksum,
          ...how.terms,
        }),
      );
      return built;
    },
    async nameFile(place, path, version) {
      const checksum = `0x${hash('sha256', await readFile(path), 'hex')}`;
      await replace(manifest(place), JSON.stringify({ version, uri: `file://${path}`, checksum }));
      return { version, checksum };
    },
    write(clients, more = {}) {
      const networks: Record<string, { clients: Record<string, object> }> = {};
      for (const [place, settings] of Object.entries(clients)) {
        const [network = '', client = ''] = place.split('/');
        const release = { source: 'manifest', url: `file://${manifest(place)}`, interval: '100ms' };
        networks[network] = { clients: { ...networks[network]?.clients, [client]: { release, ...settings } } };
      }
      return replace(config, JSON.stringify({ home, networks, defaults: quick, ...more }, null, 2));
    },
    start(...words) {
      const daemon = startDaemonProcess(config, folder, words, program);
      daemons.push(daemon);
      return daemon;
    },
    async until(what, holds, place) {
      const end = performance.now() + 30_000;
      let last: InstanceStatus | undefined;
      while (performance.now() < end) {
        last = await status(place);
        if (last && holds(last)) return last;
        await sleep(25);
      }
      const log = await readFile(join(folder, 'daemon.log'), 'utf8').catch(() => '');
      throw new Error(
        `not seen within 30 s: ${what}; last: ${JSON.stringify(last)}\n${log.split('\n').slice(-30).join('\n')}`,
      );
    },
    run: (...args) =>
      new Promise((resolve) => {
        const env = { ...process.env, VAULTVISOR_LOCKS: join(folder, 'locks'), NO_COLOR: '1' };
        const done = (error: ExecFileException | null, out: string, err: string) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
        const [command, ...first] = program;
        execFile(command, [...first, '--config', config, ...args], { env }, done);
      }),
    async history(place = 'kintsugi/vault') {
      const read = () => readFile(join(data(place), 'history.ndjson'), 'utf8').catch(() => '');
      let text = await read();
      // a status is seen a moment before the line that tells of it lies on a busy disk; a crash loop never falls silent
      for (let looks = 0; looks < 10; looks += 1) {
        const last = text;
        await sleep(SETTLED);
        text = await read();
        if (text === last) break;
      }
      return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
    },
    journal: (place = 'kintsugi/vault') => readJournal(join(data(place), 'data', 'journal.ndjson')),
  };
}

/** Runs and is committed. */
export const runs =
  ({ checksum }: Pick<Built, 'checksum'>) =>
  ({ phase, verdict, current, child }: InstanceStatus): boolean =>
    phase === 'running' && verdict === 'healthy' && current?.checksum === checksum && child?.checksum === checksum;

/** What ran twice at one time, by the clients' own words. */
export async function twice(world: World, place?: string): Promise<readonly string[]> {
  return overlaps(await world.journal(place));
}
