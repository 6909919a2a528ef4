import { type ChildProcess, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processAt } from '../../src/process/who/processes.ts';
import type { Built, Client } from '../support/client/client.ts';
import { readJournal, textAt } from '../support/journal.ts';
import { processesOf } from '../support/left-over.ts';
import type { Random } from '../support/random.ts';
import { type Scene, serves, setScene } from '../support/scene.ts';

/** Where one scenario is played. */
export interface Stage {
  readonly folder: string;
  readonly random: Random;
  readonly built: Built;
  /** Where every client of the scenario says what it sees, whoever started it. */
  readonly witness: string;
  /** The lock folder that the daemons share. */
  readonly locks: string;
  /** Whether this machine can run them as these users. */
  readonly users: readonly [number, number] | null;
  /** What was found wrong. */
  readonly violations: string[];
  /** A vaultvisor of its own, with its home and args file. */
  scene(name: string): Promise<Scene>;
  /** A key file that nobody else has, and copies of it. */
  writeKey(path: string, seed?: string): Promise<string>;
  /** The arguments of a client with this key. */
  args(key: string, keyName?: string): readonly string[];
  /** A key name that nobody else has. */
  readonly keyName: string;
  /** Starts a command as a person would; what it runs is below the scenario's folder. */
  byHand(file: string, args: readonly string[], cwd?: string): ChildProcess;
  /** Remembers it as a violation, if it is one. */
  check(holds: boolean, otherwise: string): void;
}

/** A machine may be busy with much else; what never comes is waited for as long. */
const PATIENCE = 120_000;

/** The client in every args file. */
export const PLACE = 'kintsugi/vault';

export interface StageRequest extends Pick<Stage, 'folder' | 'random' | 'users'> {
  readonly program: string;
  readonly client: Client;
}

export async function setStage({ folder, random, users, program, client }: StageRequest): Promise<Stage> {
  const [witness, locks] = [join(folder, 'witness'), join(folder, 'locks')];
  await mkdir(witness, { recursive: true });
  await mkdir(locks, { recursive: true });
  await chmod(folder, 0o755);
  await chmod(witness, 0o777);
  await chmod(locks, 0o1777);
  // of whichever user a client is, it says what it sees
  for (const name of ['journal', 'second.lock', 'lab_account.pid']) {
    await writeFile(join(witness, name), '');
    await chmod(join(witness, name), 0o666);
  }
  const violations: string[] = [];
  return {
    folder,
    random,
    users,
    witness,
    locks,
    keyName: basename(folder),
    violations,
    built: client.build('1.0.0'),
    async scene(name) {
      const own = join(folder, name);
      await mkdir(own, { recursive: true });
      return setScene(own, program, client);
    },
    async writeKey(path, seed = 'seed') {
      await writeFile(path, JSON.stringify({ vault: `${seed} of ${folder}` }), { mode: 0o600 });
      return path;
    },
    args: (key, keyName) => [
      '--witness',
      witness,
      '--',
      '--keyfile',
      key,
      ...(keyName === undefined ? [] : ['--keyname', keyName]),
    ],
    byHand: (file, args, cwd = folder) => spawn(file, args, { cwd, stdio: 'ignore', detached: true }),
    check(holds, otherwise) {
      if (!holds) violations.push(otherwise);
    },
  };
}

/** The settings of the client, as its operator writes them. */
export interface Written {
  readonly key: string;
  readonly keyName?: string | undefined;
  readonly settings?: object;
  readonly locks?: string;
  readonly place?: string;
}

/** Writes the args file and names the release. */
export async function write(stage: Stage, scene: Scene, { key, keyName, settings, locks, place = PLACE }: Written) {
  const own = { identity: undefined, args: stage.args(key, keyName), ...settings };
  await scene.write({ [place]: own }, { lockDir: locks ?? stage.locks });
  await scene.name(place, stage.built);
}

/** Waits until it serves, by itself; that it never does is a violation. */
export async function servesByItself(stage: Stage, scene: Scene, when: string, place = PLACE): Promise<void> {
  const seen = await scene.until(place, 'it serves', serves(stage.built), PATIENCE).catch(firstLine);
  stage.check(typeof seen !== 'string', `${when}: it did not start by itself: ${seen}`);
}

/**
 * It is down, and says why: in `status --json`, on the page of `status` (which ends with 3), and in the daemon's log.
 * @param words what an operator must read
 */
export async function isRefused(
  stage: Stage,
  scene: Scene,
  when: string,
  words: readonly RegExp[],
  place = PLACE,
): Promise<void> {
  const isSaid = (text: string) => words.every((each) => each.test(text));
  const seen = await scene
    .until(place, 'why it is blocked', ({ blocked }) => blocked !== null && isSaid(blocked), PATIENCE)
    .catch(firstLine);
  if (typeof seen === 'string') return stage.check(false, `${when}: it was not refused: ${seen}`);
  const { code, out } = await scene.run('status');
  stage.check(code === 3, `${when}: status ended with ${code}, not 3`);
  stage.check(isSaid(out), `${when}: status does not say ${words.join(' ')}: ${out}`);
  stage.check(isSaid(await scene.log()), `${when}: the log does not say ${words.join(' ')}`);
  stage.check(seen.child === null && !seen.ok, `${when}: it is refused, and not said to be down`);
}

const firstLine = ({ message }: Error): string => message.split('\n')[0] ?? '';

/** Does what `status` says ends the strangers, one after the other, until none is told of. */
export async function endAsTold(stage: Stage, scene: Scene, when: string): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(100)) {
    const { strangers = [], child = null } = (await scene.status(PLACE)) ?? {};
    if (strangers.length === 0 && child !== null) return;
    for (const { end: command, words } of strangers) {
      const pid = /^kill -INT (\d+)$/.exec(command)?.[1];
      if (pid === undefined) return stage.check(false, `${when}: ${words} is ended by ${command}?`);
      if (processAt(Number(pid)) !== null) process.kill(Number(pid), 'SIGINT');
    }
  }
  stage.check(false, `${when}: what status says did not end the stranger`);
}

/** Waits until a client that was not there before says that it serves. */
export async function clientServes(stage: Stage, before: number): Promise<void> {
  const served = () => readJournal(stage.witness).filter(({ what }) => what === 'serve').length;
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(10))
    if (served() > before) return;
  throw new Error(`no client came up by hand:\n${textAt(join(stage.witness, 'journal'))}`);
}

export const servedSoFar = (stage: Stage): number =>
  readJournal(stage.witness).filter(({ what }) => what === 'serve').length;

/** Kills the clients that were started by hand, as anything might; who starts them again stays. */
export function killClients({ built, folder }: Stage): void {
  for (const pid of processesOf(`${folder}/`))
    if (linkAt(`/proc/${pid}/exe`) === built.path) process.kill(pid, 'SIGKILL');
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
