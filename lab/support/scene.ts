import { type ExecFileException, execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { type Built, type Client, compileClient } from './client/client.ts';
import { type Daemon, type DaemonRequest, look, startDaemon } from './daemon.ts';
import { type Line, overlapsIn, readJournal, textAt } from './journal.ts';
import { endAllOf } from './left-over.ts';

/** A home, its args file, manifests that name releases, and the real daemon over them; all below one folder. */
export interface Scene {
  readonly folder: string;
  readonly home: string;
  readonly config: string;
  readonly locks: string;
  readonly client: Client;
  /** Where the clients of an instance (`network/client`) write what they see. */
  witness(place: string): string;
  /** Where an instance's releases are named. */
  manifest(place: string): string;
  /** Names a release in the instance's manifest, in one rename; `null`: none is named. `terms`: further keys. */
  name(place: string, built: Built | null, terms?: object): Promise<void>;
  /** Writes the args file as an editor does. Each instance gets its manifest and the lab client's arguments; `settings` add to it. */
  write(clients: Readonly<Record<string, object>>, more?: object): Promise<void>;
  start(how?: Partial<Pick<DaemonRequest, 'env' | 'node' | 'words' | 'user'>>): Daemon;
  /** Ends these daemons, the last started ones by default, and waits for them. */
  stop(): Promise<void>;
  status(place: string): Promise<InstanceStatus | undefined>;
  /** @throws Error with the last status and the end of the daemon's log when it is not seen within `patience` (ms, 30 s) */
  until(
    place: string,
    what: string,
    holds: (status: InstanceStatus) => boolean,
    patience?: number,
  ): Promise<InstanceStatus>;
  /** Runs the command line of the same program. */
  run(...words: string[]): Promise<{ code: number; out: string; err: string }>;
  history(place: string): Promise<readonly { event: string; [key: string]: unknown }[]>;
  journal(place: string): readonly Line[];
  /** Of every instance that ever had a witness folder. */
  overlaps(): readonly string[];
  /** The daemon's own log. */
  log(): Promise<string>;
  /**
   * Makes the manner of a running client another (client/vault.c), or of one release of it; `null`: as its release says, from the next
   * start on.
   */
  behave(place: string, manner: string | null, release?: string): Promise<void>;
  /** Ends daemons and clients, and removes the folder. */
  close(): Promise<void>;
}

/** Patience of milliseconds. */
export const quick = {
  health: { minHealthyTime: '200ms', healthyDeadline: '5s', exits: 2, probes: [{ log: 'Starting all services' }] },
  restart: { delay: '50ms', max: '500ms', stableAfter: '10s' },
  stop: { signal: 'SIGINT', grace: '1s' },
  download: { retry: { after: '100ms', max: '500ms' } },
};

/** @param program path of main.js; see program.ts */
export async function setScene(
  folder: string,
  program: string,
  client: Client = compileClient(folder),
): Promise<Scene> {
  const [home, config, locks] = [join(folder, 'home'), join(folder, 'args.json'), join(folder, 'locks')];
  const witnesses = new Set<string>();
  let daemons: Daemon[] = [];
  await mkdir(locks, { recursive: true });

  const manifest = (place: string) => join(folder, `${place.replace('/', '-')}.manifest.json`);
  const log = join(folder, 'daemon.log');
  const env = { VAULTVISOR_LOCKS: locks, NO_COLOR: '1' };

  const witness = (place: string): string => join(folder, 'witness', place.replace('/', '-'));

  async function replace(path: string, text: string): Promise<void> {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  async function status(place: string): Promise<InstanceStatus | undefined> {
    return (await look(home))?.instances.find(({ network, client }) => `${network}/${client}` === place);
  }

  async function stop(): Promise<void> {
    const ending = daemons;
    daemons = [];
    for (const daemon of ending) {
      daemon.kill('SIGCONT');
      daemon.kill('SIGTERM');
    }
    await Promise.all(ending.map(({ ended }) => ended));
  }

  return {
    folder,
    home,
    config,
    locks,
    client,
    witness,
    manifest,
    status,
    stop,
    name: (place, built, terms = {}) =>
      replace(
        manifest(place),
        JSON.stringify(
          built && { version: built.release, uri: `file://${built.path}`, checksum: built.checksum, ...terms },
        ),
      ),
    async write(clients, more = {}) {
      const networks: Record<string, { clients: Record<string, object> }> = {};
      for (const [place, settings] of Object.entries(clients)) {
        const [network = '', client = ''] = place.split('/');
        witnesses.add(place);
        await mkdir(witness(place), { recursive: true });
        await chmod(witness(place), 0o777); // clients of several users may share it
        const release = { source: 'manifest', url: `file://${manifest(place)}`, interval: '100ms' };
        const common = { release, identity: witness(place), args: ['--witness', witness(place)] };
        networks[network] = { clients: { ...networks[network]?.clients, [client]: { ...common, ...settings } } };
      }
      await replace(config, JSON.stringify({ home, networks, defaults: quick, ...more }, null, 2));
    },
    start(how = {}) {
      const daemon = startDaemon({ program, config, log, ...how, env: { ...env, ...how.env } });
      daemons.push(daemon);
      return daemon;
    },
    async until(place, what, holds, patience = 30_000) {
      let last: InstanceStatus | undefined;
      for (const end = performance.now() + patience; performance.now() < end; await sleep(20)) {
        last = await status(place);
        if (last && holds(last)) return last;
      }
      throw new Error(
        `not seen within ${patience / 1_000} s: ${what}; last: ${JSON.stringify(last)}\n${textAt(log).slice(-4_000)}`,
      );
    },
    run: (...words) =>
      new Promise((resolve) => {
        const done = (error: ExecFileException | null, out: string, err: string) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
        const [command = '', ...rest] = words;
        execFile(
          process.execPath,
          [program, command, '--config', config, ...rest],
          { env: { ...process.env, ...env } },
          done,
        );
      }),
    async history(place) {
      const text = await readFile(join(home, 'instances', place, 'history.ndjson'), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
    },
    journal: (place) => readJournal(witness(place)),
    overlaps: () =>
      [...witnesses].flatMap((place) => overlapsIn(readJournal(witness(place))).map((one) => `${place} ${one}`)),
    log: async () => textAt(log),
    async behave(place, manner, release) {
      const path = join(witness(place), release === undefined ? 'manner' : `manner.${release}`);
      if (manner === null) await rm(path, { force: true });
      else await replace(path, manner);
    },
    async close() {
      await stop();
      endAllOf(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Serves this release, and it is committed. */
export const serves =
  ({ checksum }: Built) =>
  ({ phase, verdict, current, child }: InstanceStatus): boolean =>
    phase === 'running' && verdict === 'healthy' && current?.checksum === checksum && child?.checksum === checksum;
