import { basename } from 'node:path';
import type { PresetName } from '../../../src/config/presets/names.ts';
import { createWorld, type World } from '../world.ts';
import { freePort, nameStandIn, type StandIn } from './stand-in.ts';

/** The patience of a test: hours and minutes of the presets would be waited for in vain. */
const patience = {
  health: { minHealthyTime: '300ms', healthyDeadline: '20s', exits: 2 },
  restart: { delay: '50ms', max: '500ms', stableAfter: '10s' },
  start: { delay: '0s' },
};
/** The client of the stage. */
export const place = 'kintsugi/vault';
/** Its own in each world: clients of one key name are strangers to each other. */
export const keyOf = ({ folder }: World): readonly string[] => ['--keyname', basename(folder)];
const stellar = ['--stellar-vault-secret-key-filepath', '/s', '--stellar-overlay-config-filepath', '/o'];
const argsOf: Readonly<Record<PresetName, (port: number) => readonly string[]>> = {
  'interbtc-vault': (port) => ['--prometheus-port', String(port)],
  'interbtc-oracle': () => [],
  'interbtc-faucet': (port) => ['--http-addr', `[::0]:${port}`],
  'spacewalk-vault': (port) => [...stellar, '--prometheus-port', String(port)],
};

/** A world with one client of a preset, and the release that is named for it. */
export interface Stage {
  readonly world: World;
  readonly release: StandIn;
  readonly port: number;
  /** The args file with these settings of the client besides. */
  write(more?: object): Promise<void>;
}

export async function stageOf(preset: PresetName): Promise<Stage> {
  const world = await createWorld();
  const port = await freePort();
  const release = await nameStandIn(world, place, preset, '1.0.0');
  const manifest = { source: 'manifest', url: `file://${world.folder}/kintsugi-vault.json`, interval: '100ms' };
  const write = (more: object = {}) => {
    const client = {
      preset,
      release: manifest,
      args: [...keyOf(world), ...argsOf[preset](port)],
      env: { TMPDIR: world.folder },
      ...patience,
      ...more,
    };
    const network = { endpoints: ['ws://127.0.0.1:9'], clients: { vault: client } };
    return world.write({}, { networks: { kintsugi: network }, defaults: {} });
  };
  await write();
  return { world, release, port, write };
}
