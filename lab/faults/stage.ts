import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeAt, type InstanceFolder } from '../../src/layout.ts';
import type { Built, Client } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { quick, type Scene, setScene } from '../support/scene.ts';
import { type Data, makeData } from './data.ts';
import { openPage, type Page, type Plan } from './page.ts';

export const PLACE = 'lab/vault';

/** A daemon that runs with the library, and the page that it shares with us. */
export interface Life {
  readonly daemon: Daemon;
  readonly page: Page;
}

/** One home with one client, and what was told to it so far. */
export interface Stage {
  readonly scene: Scene;
  readonly folder: InstanceFolder;
  /** What should serve when the present story is over, and with which edit of its arguments. */
  good: Built | null;
  edit: string | null;
  /** Every release that was ever named here. */
  readonly named: Built[];
  /** Those of them that must be in quarantine when the present story is over. */
  readonly bad: Built[];
  /** A child that was ended from outside: another must be up when the present story is over. */
  gone: number | null;
  /** The client's data, which its migrations change. */
  readonly data: Data;
  /** Files that were altered on purpose: nobody need have noticed before they are wanted. */
  readonly damaged: Set<string>;
  /** Another release, of this manner. */
  build(manner: 'steady' | 'crash'): Built;
  /** Writes the args file, with the present edit. */
  configure(): Promise<void>;
  /** Starts the daemon; `plan`: counted from its first call on. */
  live(plan?: Plan): Life;
}

export interface Means {
  readonly program: string;
  readonly client: Client;
  /** The preloaded library (library.ts). */
  readonly library: string;
}

/**
 * A client that crashes on start is never taken for a sound one, however busy the machine is: it does not say what those say. One that was ended
 * from outside is no crash loop.
 */
const settings = {
  ...quick,
  health: { ...quick.health, minHealthyTime: '300ms', healthyDeadline: '2m', probes: [{ log: 'vault sound-' }] },
  stop: { ...quick.stop, grace: '20s' },
  restart: { ...quick.restart, stableAfter: '300ms' },
};

/** @param health what the client is judged by, where that is another than usual: without its log none can be found in it */
export async function setStage(
  folder: string,
  { program, client, library }: Means,
  health: object = {},
): Promise<Stage> {
  mkdirSync(folder, { recursive: true });
  // beside the args file's own folder, which the daemon watches: what we write there would wake it
  const aside = `${folder}.pages`;
  mkdirSync(aside, { recursive: true });
  const scene = await setScene(folder, program, client);
  const [network = '', key = ''] = PLACE.split('/');
  let lives = 0;
  let built = 0;
  const stage: Stage = {
    scene,
    folder: homeAt(scene.home).instance(network, key),
    good: null,
    edit: null,
    named: [],
    bad: [],
    gone: null,
    data: makeData(folder),
    damaged: new Set(),
    build(manner) {
      built += 1;
      const name = `${folder.slice(folder.lastIndexOf('/') + 1)}-${built}`;
      return client.build(`${manner === 'steady' ? 'sound' : 'flawed'}-${name}`, manner);
    },
    configure: () =>
      scene.write(
        {
          [PLACE]: {
            data: { dir: stage.data.dir },
            args: ['--witness', scene.witness(PLACE), ...(stage.edit === null ? [] : ['--', stage.edit])],
          },
        },
        { defaults: { ...settings, health: { ...settings.health, ...health } } },
      ),
    live(plan) {
      lives += 1;
      const page = openPage(join(aside, `${lives}`), library, folder);
      if (plan !== undefined) page.arm(plan);
      return { daemon: scene.start({ env: page.env }), page };
    },
  };
  await stage.configure();
  return stage;
}
