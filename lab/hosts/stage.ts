import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { type FileId, fileAt, isSameFile } from '../../src/process/who/file-id.ts';
import { processes } from '../../src/process/who/processes.ts';
import { type Built, compileClient, type Manner } from '../support/client/client.ts';
import { look } from '../support/daemon.ts';
import { type Line, overlapsIn, readJournal, textAt } from '../support/journal.ts';
import { quick, serves } from '../support/scene.ts';
import { linkAt } from './link.ts';

/** The same two folders, as the host's inside sees them and as we see them from outside. */
export interface Places {
  /** Outside. The args file, the manifest and the releases. */
  readonly etc: string;
  /** Outside. */
  readonly home: string;
  /** Outside. Where the clients write what they see; their working directory by default. */
  readonly witness?: string;
  /** As vaultvisor sees them; by default those of docs/hosts.md. */
  readonly inside?: { readonly etc: string; readonly home: string };
  /** Outside. A shared library that the clients need. */
  readonly library?: string | undefined;
}

/** One client in a host: its args file, its releases, and what can be seen of it from outside. */
export interface Stage extends Places {
  /** Another release: `1.0.0`, `2.0.0`, … */
  build(manner?: Manner): Built;
  /** Names it in the manifest. */
  name(built: Built): Promise<void>;
  /** Where its releases are named, as the args file says it. */
  readonly manifest: string;
  /** Writes the args file; `more` adds to the client's own settings. */
  write(more?: object, top?: object): Promise<void>;
  /** Another manner of the client that runs (client/vault.c); `null`: as its release says. */
  behave(manner: Manner | null): Promise<void>;
  status(): Promise<InstanceStatus | undefined>;
  /** @throws Error with the last status when it is not seen within `patience` (ms) */
  until(what: string, holds: (status: InstanceStatus) => boolean, patience?: number): Promise<InstanceStatus>;
  /**
   * Waits until a client that was started after `since` (now(), below) serves this release, is committed, and has said so itself.
   * @throws Error where two clients met meanwhile, and where it does not come to that
   */
  serves(built: Built, since: number): Promise<void>;
  journal(): readonly Line[];
  history(): readonly { readonly event: string; readonly [key: string]: unknown }[];
  /** The clients' processes, whatever namespace they are in: whoever executes a file of a deployment. */
  clients(): readonly number[];
  /** Where the link `current` leads: the name of a deployment. */
  current(): string;
}

const PATIENCE = 60_000;

/** The one client of a host. */
export const PLACE = 'kintsugi/vault';

export async function setStage({ etc, home, witness, inside, library }: Places): Promise<Stage> {
  const { etc: seenEtc, home: seenHome } = inside ?? { etc: '/etc/vaultvisor', home: '/var/lib/vaultvisor' };
  await mkdir(etc, { recursive: true });
  const client = compileClient(etc, library);
  const instance = join(home, 'instances', PLACE);
  const data = witness ?? join(instance, 'data');
  const manifest = `file://${seenEtc}/vault.json`;
  let count = 0;

  async function replace(path: string, value: unknown): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(value, null, 2));
    await rename(`${path}.new`, path);
  }

  const status = async (): Promise<InstanceStatus | undefined> => (await look(home))?.instances[0];

  async function until(
    what: string,
    holds: (status: InstanceStatus) => boolean,
    patience = PATIENCE,
  ): Promise<InstanceStatus> {
    let last: InstanceStatus | undefined;
    for (const end = performance.now() + patience; performance.now() < end; await sleep(20)) {
      last = await status();
      if (last && holds(last)) return last;
    }
    throw new Error(`not seen within ${patience / 1_000} s: ${what}; last: ${JSON.stringify(last)}`);
  }

  return {
    etc,
    home,
    manifest,
    status,
    build(manner = 'steady') {
      return client.build(`${++count}.0.0`, manner);
    },
    async name(built) {
      await chmod(built.path, 0o755);
      const uri = `file://${built.path.replace(etc, seenEtc)}`;
      await replace(join(etc, 'vault.json'), { version: built.release, uri, checksum: built.checksum });
    },
    write(more = {}, top = {}) {
      const release = { source: 'manifest', url: manifest, interval: '100ms' };
      const vault = { release, identity: 'the lab’s account', args: ['--witness', '.'], ...more };
      const networks = { kintsugi: { clients: { vault } } };
      return replace(join(etc, 'args.json'), { home: seenHome, networks, defaults: patient, ...top });
    },
    async behave(manner) {
      if (manner === null) await rm(join(data, 'manner'), { force: true });
      else await writeFile(join(data, 'manner'), manner);
    },
    until,
    async serves(built, since) {
      await until(`${built.release} serves`, (status) => {
        const lines = readJournal(data).filter(({ at }) => at > since);
        const [met] = overlapsIn(lines);
        if (met !== undefined) throw new Error(met);
        return serves(built)(status) && hasBegun(lines, built);
      });
    },
    journal: () => readJournal(data),
    history: () =>
      textAt(join(instance, 'history.ndjson'))
        .split('\n')
        .flatMap((line) => (line ? [JSON.parse(line)] : [])),
    clients: () => runningFilesOf(instance),
    current: () => basename(linkAt(join(instance, 'current'))),
  };
}

/** A grace that a loaded machine does not use up. */
export const patient = { ...quick, stop: { signal: 'SIGINT', grace: '5s' } };

/** On the clock of the journal: the kernel's monotonic one, in nanoseconds. */
export const now = (): number => Number(process.hrtime.bigint());

/** By its own words: its status may tell of the client that was there before, and the client is spawned before it speaks. */
function hasBegun(lines: readonly Line[], { print }: Built): boolean {
  const index = lines.findLastIndex(({ what }) => what === 'start');
  const said = lines.slice(index + 1).some(({ what }) => what === 'serve');
  return lines[index]?.detail.endsWith(print) === true && said;
}

function runningFilesOf(instance: string): readonly number[] {
  const isOurs = ({ pid }: { pid: number }): boolean => {
    const file = fileAt(`/proc/${pid}/exe`);
    const name = linkAt(`/proc/${pid}/exe`).split('/').slice(-2);
    return file !== null && isAt(file, join(instance, 'deployments', ...name));
  };
  return processes()
    .filter(isOurs)
    .map(({ pid }) => pid);
}

const isAt = (file: FileId, path: string): boolean => {
  const there = fileAt(path);
  return there !== null && isSameFile(there, file);
};
