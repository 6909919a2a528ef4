import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { processes } from '../../../src/process/who/processes.ts';
import { outcome } from '../command.ts';
import type { Engine } from '../docker/engine.ts';
import { fillIn } from '../yours.ts';

/** What one of the files of deploy/ starts. */
export interface Project {
  /** Beside the file: `vaultvisor.d`, the key. */
  readonly folder: string;
  /** Outside: where its volume lies, which is there after the first `up`. */
  readonly volume: string;
  /** The compose command line with its files. @throws Error with its words */
  compose(...words: readonly string[]): Promise<string>;
  exec(service: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  state(service: string, what: string): Promise<string>;
  /** Outside: the first process of its container, and vaultvisor below it. */
  pids(service: string): Promise<{ readonly init: number; readonly vaultvisor: number }>;
  log(): Promise<string>;
}

/** A file's own lines, as `fillIn` takes them. */
export type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const KEY = 'the-key-of-the-lab';

const deploy = resolve(import.meta.dirname, '../../../deploy');

/** Compose as the plugin of Docker or as a program of its own, whichever this machine has; the plugin first. */
export async function composeProgram(): Promise<readonly [string, ...string[]] | null> {
  if ((await outcome('docker', 'compose', 'version')).code === 0) return ['docker', 'compose'];
  return (await outcome('docker-compose', 'version')).code === 0 ? ['docker-compose'] : null;
}

export async function versionOf([file, ...words]: readonly [string, ...string[]]): Promise<string> {
  return (await outcome(file, ...words, 'version', '--short')).text;
}

/** Lays the files out as the page says; nothing is up yet. */
export async function createProject(
  { env, docker, outcome: tried }: Engine,
  [program, ...first]: readonly [string, ...string[]],
  folder: string,
  name: string,
  files: Files,
): Promise<Project> {
  await mkdir(join(folder, 'vaultvisor.d'), { recursive: true });
  await writeFile(join(folder, 'kintsugi-keys.json'), `${KEY}\n`);
  await chmod(join(folder, 'kintsugi-keys.json'), 0o444);
  const named: string[] = [];
  for (const [file, lines] of Object.entries(files)) {
    await writeFile(join(folder, file), fillIn(await readFile(join(deploy, file), 'utf8'), lines));
    named.push('-f', join(folder, file));
  }
  const root = await docker('info', '-f', '{{.DockerRootDir}}');
  const all = [...first, '-p', name, '--project-directory', folder, ...named];
  const compose = async (...words: readonly string[]): Promise<string> =>
    (await execa(program, [...all, ...words], { env, stdin: 'ignore' })).stdout;
  /** Looked up each time: `down` and `up` make another. */
  const id = (service: string): Promise<string> => compose('ps', '--all', '--quiet', service);
  const state = async (service: string, what: string): Promise<string> =>
    docker('inspect', '-f', `{{.State.${what}}}`, await id(service));
  return {
    folder,
    volume: join(root, 'volumes', `${name}_vaultvisor`, '_data'),
    compose,
    state,
    exec: async (service, ...words) => tried('exec', await id(service), ...words),
    async pids(service) {
      const init = Number(await state(service, 'Pid'));
      return { init, vaultvisor: processes().find(({ parent }) => parent === init)?.pid ?? 0 };
    },
    log: () => compose('logs', '--tail', '200').catch(String),
  };
}
