import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Built, Manner } from '../support/client/client.ts';
import { textAt } from '../support/journal.ts';
import { processesOf } from '../support/left-over.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { type Said, type Supervisor, startSupervisor } from './supervisor.ts';

/** Three clients on one machine, and two homes that both want them: one identity each, one folder of locks. */
export interface Stage {
  readonly places: readonly string[];
  readonly scene: Scene;
  /** A daemon over the first home, as its args file is. */
  startMain(heard: Heard): Supervisor;
  /** A daemon over another home, for the same identities. */
  startOther(heard: Heard): Supervisor;
  /** What the args file of the first home says from now on; `whole`: every client, as at the beginning. */
  edit(change: Edit): Promise<void>;
  /** Names a release of this manner, newer than any before. */
  release(place: string, manner: Manner): Promise<Built>;
  /** The main process of a client, as its own witness file has it; `null`: none is written there. */
  clientOf(place: string): number | null;
  /** Everything that lives and was started as this client. */
  livingOf(place: string): readonly number[];
}

/** Is told each line of a daemon as it comes. */
export type Heard = (said: Said, by: Supervisor) => void;

export type Edit =
  | { readonly is: 'whole' }
  | { readonly is: 'invalid' }
  | { readonly is: 'arguments'; readonly place: string }
  | { readonly is: 'removed'; readonly place: string };

export async function setStage(folder: string, program: string, places: readonly string[]): Promise<Stage> {
  await mkdir(join(folder, 'other'), { recursive: true });
  const scene = await setScene(folder, program);
  const other = join(folder, 'other-home.json');
  const env = { VAULTVISOR_LOCKS: scene.locks, NO_COLOR: '1' };
  let releases = 0;
  let edits = 0;
  const words: Record<string, string> = {};

  const clients = (but: string | null) =>
    Object.fromEntries(
      places
        .filter((place) => place !== but)
        .map((place) => {
          const args = ['--witness', scene.witness(place), '--', words[place] ?? 'as it was'];
          // of one the next daemon goes on with the child that the killed one left
          return [place, place === places[0] ? { args, orphans: 'adopt' } : { args }];
        }),
    );

  async function replace(path: string, text: string): Promise<void> {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  const start =
    (name: string, config: string) =>
    (heard: Heard): Supervisor =>
      startSupervisor({ name, program, config, env, heard });

  await scene.write(clients(null), more);
  const said = JSON.parse(textAt(scene.config)) as object;
  await replace(other, JSON.stringify({ ...said, home: join(folder, 'other', 'home') }));

  return {
    places,
    scene,
    startMain: start('main', scene.config),
    startOther: start('other', other),
    async edit(change) {
      edits += 1;
      if (change.is === 'invalid')
        return replace(scene.config, `{ "home": "${scene.home}", "networks": { "net": { "clents"`);
      if (change.is === 'arguments') words[change.place] = `edit ${edits}`;
      await scene.write(clients(change.is === 'removed' ? change.place : null), more);
    },
    async release(place, manner) {
      releases += 1;
      const built = scene.client.build(`1.${releases}.0`, manner);
      await scene.name(place, built);
      return built;
    },
    clientOf(place) {
      const pid = Number.parseInt(textAt(join(scene.witness(place), 'witness')), 10);
      return pid > 0 && textAt(`/proc/${pid}/cmdline`).includes(scene.witness(place)) ? pid : null;
    },
    livingOf: (place) => processesOf(scene.witness(place)),
  };
}

/** All three may start and switch at once: the more goes on when the supervisor dies, the better. */
const more = { maxStarting: 3, maxUpdating: 3 };
