import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { processes } from '../../../src/process/who/processes.ts';
import { type Stage, setStage } from '../stage.ts';
import type { Engine } from './engine.ts';
import { IMAGE } from './image.ts';
import { makeSmallVolume, makeVolume } from './volume.ts';

export interface Container {
  readonly name: string;
  readonly stage: Stage;
  /** `docker <verb> <name> <words…>` with the name at the end. */
  docker(...words: readonly string[]): Promise<string>;
  /** Runs it as docs/containers.md says; `more` comes after that. */
  run(...more: readonly string[]): Promise<void>;
  /** Runs a command in it. */
  exec(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Runs another one on the same volume, to its end. */
  runBeside(name: string): Promise<{ readonly code: number; readonly text: string }>;
  state(what: string): Promise<string>;
  /** The pids outside of the first process, the shim that is its parent, and vaultvisor itself. */
  pids(): Promise<{ readonly init: number; readonly shim: number; readonly vaultvisor: number }>;
  log(): Promise<string>;
}

/** What docs/containers.md recommends, but for the network, which nothing here needs. */
const RECOMMENDED = [
  ['--restart', 'unless-stopped', '--stop-timeout', '90'],
  ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ['--network', 'none', '--memory', '256m'],
].flat();

export interface Kind {
  /** A folder to be mounted over the image's own program, with the packages that single modules import; `null`: the image as it was built. */
  readonly dist: string | null;
  /** Where its clients write, if not in their working directory. */
  readonly witness?: string;
  /** The project's own if nothing is said. */
  readonly image?: string;
  /** What the image's entry point is told; what the image says if nothing is. */
  readonly words?: readonly string[];
  /** A volume that can be filled. */
  readonly small?: boolean;
  /** A library that its clients need. */
  readonly library?: string;
}

export async function createContainer(engine: Engine, folder: string, name: string, kind: Kind): Promise<Container> {
  const { docker } = engine;
  const { dist, witness, image = IMAGE, words = [], small = false, library } = kind;
  const etc = join(folder, name);
  await mkdir(etc, { recursive: true });
  const home = await (small ? makeSmallVolume : makeVolume)(engine, folder, name);
  const stage = await setStage({ etc, home, library, ...(witness === undefined ? {} : { witness }) });
  const mounts = ['-v', `${name}:/var/lib/vaultvisor`, '-v', `${etc}:/etc/vaultvisor:ro`];
  const laid = { dist, node_modules: resolve(import.meta.dirname, '../../../node_modules') };
  const over = Object.entries(laid).flatMap(([name, path]) => ['-v', `${path}:/opt/vaultvisor/${name}:ro`]);
  const program = dist === null ? [] : over;
  const state = (what: string): Promise<string> => docker('inspect', '-f', `{{.State.${what}}}`, name);

  return {
    name,
    stage,
    state,
    docker: (...words) => docker(...words, name),
    async run(...more) {
      await docker('run', '-d', '--name', name, ...RECOMMENDED, ...mounts, ...program, ...more, image, ...words);
    },
    exec: (...words) => engine.outcome('exec', name, ...words),
    runBeside: (other) =>
      engine.outcome('run', '--name', other, ...RECOMMENDED, '--restart', 'no', ...mounts, ...program, image, ...words),
    async pids() {
      const all = processes();
      const init = Number(await state('Pid'));
      const shim = all.find(({ pid }) => pid === init)?.parent ?? 0;
      return { init, shim, vaultvisor: all.find(({ parent }) => parent === init)?.pid ?? 0 };
    },
    log: async () => (await engine.outcome('logs', '--tail', '200', name)).text,
  };
}
