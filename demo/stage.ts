import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DevChain, startDevChain } from '../devchain/dev-chain.ts';
import type { InstanceStatus } from '../src/core/instance-status.ts';
import { type DaemonProcess, look, startDaemonProcess } from './daemon-process.ts';
import { type Line, overlaps, readJournal } from './journal.ts';
import { type ReleaseServer, startReleaseServer } from './release-server.ts';

/** Everything the acts play with: two chains, a host of files, a home, and the daemon that is tried. */
export interface Stage {
  /** Its releases come by `ClientsInfo`. */
  readonly kintsugi: DevChain;
  /** Its releases come by `VaultRegistry`. */
  readonly interlay: DevChain;
  readonly files: ReleaseServer;
  readonly folder: string;
  readonly home: string;
  daemon(): DaemonProcess;
  startDaemon(): void;
  /** Writes the args file; `extra` is added to the arguments of interlay's client. */
  writeArgs(extra?: readonly string[]): Promise<void>;
  /** Waits until this holds of an instance; fails, with what was seen last, after 30 s. */
  until(network: Network, what: string, holds: (status: InstanceStatus) => boolean): Promise<InstanceStatus>;
  journal(network: Network): Promise<readonly Line[]>;
  history(network: Network): Promise<readonly HistoryLine[]>;
  /** All that ever ran twice, of both accounts. */
  overlaps(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type Network = 'kintsugi' | 'interlay';

export interface HistoryLine {
  readonly at: string;
  readonly event: string;
  readonly version?: string | null;
  readonly reason?: string;
  readonly checksum?: string;
}

const PATIENCE = 30_000;

export async function setStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-demo-'));
  const home = join(folder, 'home');
  const args = join(folder, 'args.json');
  const [kintsugi, interlay, files] = await Promise.all([
    startDevChain({ genesis: `0x${'aa'.repeat(32)}`, blockTime: 1_000 }),
    startDevChain({ genesis: `0x${'bb'.repeat(32)}`, blockTime: 1_000 }),
    startReleaseServer(),
  ]);
  await mkdir(join(folder, 'locks'));
  let daemon: DaemonProcess | null = null;
  const data = (network: Network) => join(home, 'instances', network, 'vault');

  async function until(
    network: Network,
    what: string,
    holds: (status: InstanceStatus) => boolean,
  ): Promise<InstanceStatus> {
    const end = performance.now() + PATIENCE;
    let last: InstanceStatus | undefined;
    while (performance.now() < end) {
      last = (await look(home))?.instances.find((instance) => instance.network === network);
      if (last && holds(last)) return last;
      await sleep(50);
    }
    throw new Error(
      `${network}: ${what}: not seen within ${PATIENCE / 1_000} s; the last status was ${JSON.stringify(last)}`,
    );
  }

  return {
    kintsugi,
    interlay,
    files,
    folder,
    home,
    until,
    daemon() {
      if (daemon === null) throw new Error('no daemon was started');
      return daemon;
    },
    startDaemon() {
      daemon = startDaemonProcess(args, folder);
    },
    writeArgs: (extra = []) => writeFile(args, argsFile(home, { kintsugi, interlay }, files.url, extra)),
    journal: (network) => readJournal(join(data(network), 'data', 'journal.ndjson')),
    async history(network) {
      const text = await readFile(join(data(network), 'history.ndjson'), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as HistoryLine] : []));
    },
    async overlaps() {
      const journals = await Promise.all(
        (['kintsugi', 'interlay'] as const).map((network) =>
          readJournal(join(data(network), 'data', 'journal.ndjson')),
        ),
      );
      return journals.flatMap(overlaps);
    },
    async close() {
      daemon?.kill('SIGTERM');
      await daemon?.ended;
      await Promise.all([kintsugi.stop(), interlay.stop(), files.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The patience of minutes that suits a vault, cut to seconds so that a person can watch. */
function argsFile(
  home: string,
  chains: { kintsugi: DevChain; interlay: DevChain },
  files: string,
  extra: readonly string[],
): string {
  const defaults = {
    args: ['--network', '{network}', '--endpoint', '{endpoint}'],
    health: { minHealthyTime: '1500ms', healthyDeadline: '20s', exits: 2, probes: [{ log: 'Starting all services' }] },
    restart: { delay: '200ms', max: '2s' },
    retry: { after: '1h', max: '24h', attempts: 3 },
    download: { retry: { after: '2s', max: '1m' } },
    stop: { signal: 'SIGINT', grace: '10s' },
  };
  const kintsugi = {
    endpoints: [chains.kintsugi.endpoint],
    genesis: chains.kintsugi.genesis,
    clients: { vault: { release: { source: 'clients-info', client: 'vault' }, identity: 'demo account of kintsugi' } },
  };
  const vault = {
    release: { source: 'vault-registry', url: `${files}/{version}/vault-{network}` },
    identity: 'demo account of interlay',
    args: [...defaults.args, ...extra],
  };
  const interlay = { endpoints: [chains.interlay.endpoint], genesis: chains.interlay.genesis, clients: { vault } };
  return `${JSON.stringify({ home, networks: { kintsugi, interlay }, defaults }, null, 2)}\n`;
}
