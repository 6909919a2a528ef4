import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DaemonProcess, look, startDaemonProcess } from '../demo/daemon-process.ts';
import type { InstanceStatus } from '../src/core/instance-status.ts';
import { buildClient, type Client } from './client/client.ts';

/** A scratch folder with a home, the built client, and the daemon as operators run it (dist/). All of it ends with `close`. */
export interface Scene {
  readonly folder: string;
  readonly home: string;
  readonly client: Client;
  /** Writes the args file; `home` and the patience of milliseconds are added. */
  configure(networks: object): Promise<void>;
  start(): DaemonProcess;
  /** Ends the last daemon that was started, and its clients. */
  stop(): Promise<void>;
  /** Waits until a client (`network/client`) serves this release and it is committed. */
  committed(place: string, checksum: string): Promise<void>;
  /** The events of a client's history that name this release. */
  history(place: string, checksum: string): Promise<readonly string[]>;
  /** Where a client writes its journal. */
  journal(place: string): string;
  /** What is to be ended with the scene, last come first. */
  owns(end: () => unknown): void;
  close(): Promise<void>;
}

const PATIENCE = 30_000;

/** Long enough to tell a client that crashes on start; short enough to measure many updates. */
const quick = {
  health: { minHealthyTime: '200ms', healthyDeadline: '10s' },
  restart: { delay: '50ms', max: '500ms', stableAfter: '10s' },
  stop: { signal: 'SIGINT', grace: '10s' },
  download: { retry: { after: '200ms', max: '1s' } },
};

export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-bench-'));
  const home = join(folder, 'home');
  const args = join(folder, 'args.json');
  const ends: (() => unknown)[] = [];
  let daemon: DaemonProcess | null = null;
  await mkdir(join(folder, 'locks'));

  const instance = (place: string) => join(home, 'instances', place);

  async function statusOf(place: string): Promise<InstanceStatus | undefined> {
    return (await look(home))?.instances.find(({ network, client }) => `${network}/${client}` === place);
  }

  async function stop(): Promise<void> {
    daemon?.kill('SIGTERM');
    await daemon?.ended;
    daemon = null;
  }

  return {
    folder,
    home,
    client: buildClient(folder),
    stop,
    async configure(networks) {
      await writeFile(`${args}.new`, JSON.stringify({ home, networks, defaults: quick }));
      await rename(`${args}.new`, args);
    },
    start() {
      daemon = startDaemonProcess(args, folder);
      return daemon;
    },
    async committed(place, checksum) {
      let last: InstanceStatus | undefined;
      for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(20)) {
        last = await statusOf(place);
        if (last?.phase === 'running' && last.verdict === 'healthy' && last.child?.checksum === checksum) return;
      }
      const log = await readFile(join(folder, 'daemon.log'), 'utf8').catch(() => '');
      throw new Error(`${place} does not serve ${checksum}: ${JSON.stringify(last)}\n${log.slice(-4_000)}`);
    },
    async history(place, checksum) {
      const text = await readFile(join(instance(place), 'history.ndjson'), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line.includes(checksum) ? [JSON.parse(line).event as string] : []));
    },
    journal: (place) => join(instance(place), 'data', 'journal'),
    owns: (end) => ends.unshift(end),
    async close() {
      await stop();
      for (const end of ends) await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
