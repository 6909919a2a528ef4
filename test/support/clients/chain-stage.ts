import { onTestFinished } from 'vitest';
import { startReleaseServer } from '../../../demo/release-server.ts';
import { type DevChain, startDevChain } from '../../../devchain/dev-chain.ts';
import type { PresetName } from '../../../src/config/presets/names.ts';
import type { InstanceStatus } from '../../../src/core/instance-status.ts';
import { createWorld, type World } from '../world.ts';
import { keyOf, place } from './stage.ts';
import { type Behaviour, behave, buildStandIn, freePort } from './stand-in.ts';

/** A release that governance has named, or will. */
export interface Named {
  readonly version: string;
  readonly checksum: string;
}

/** One vault whose releases a real runtime names: what a story is told with. */
export interface ChainStage {
  readonly world: World;
  readonly chain: DevChain;
  /** Governance names a release: from its block on, or `pending` for the next runtime. */
  names(version: string, when?: 'now' | 'pending'): Promise<Named>;
  /** From now on the vault behaves so. */
  behave(behaviour: Behaviour): Promise<void>;
  /** The vault of this release is committed, healthy and up. */
  serves(release: Named): Promise<InstanceStatus>;
  until(what: string, holds: (status: InstanceStatus) => boolean): Promise<InstanceStatus>;
  /** What the history says of these events, oldest first. */
  told(...events: readonly string[]): Promise<readonly { event: string; [key: string]: unknown }[]>;
  /** Which versions were started, in this order. */
  started(): Promise<readonly unknown[]>;
}

/** Patience of seconds. The gates of the preset have a story of their own. */
const patience = {
  health: { minHealthyTime: '500ms', healthyDeadline: '30s', exits: 2 },
  restart: { delay: '50ms', max: '500ms' },
  gates: { metrics: [] },
};

/** A chain, a host of files and the daemon, with these settings of the vault beside its preset. */
export async function chainStageOf(settings: object = {}, preset: PresetName = 'interbtc-vault'): Promise<ChainStage> {
  const [world, chain, files, port] = await Promise.all([
    createWorld(),
    startDevChain(),
    startReleaseServer(),
    freePort(),
  ]);
  // the daemon is gone by then: what was begun last ends first
  onTestFinished(async () => void (await Promise.all([chain.stop(), files.stop()])));
  const vault = {
    preset,
    release: { source: 'clients-info' },
    args: [...keyOf(world), '--prometheus-port', String(port)],
    env: { TMPDIR: world.folder },
    ...patience,
    ...settings,
  };
  const { endpoint, genesis } = chain;
  const networks = { kintsugi: { endpoints: [endpoint], genesis, clients: { vault } } };
  await world.write({}, { networks, defaults: {} });
  return {
    world,
    chain,
    async names(version, when = 'now') {
      const { bytes, checksum } = buildStandIn(preset, version);
      const uri = files.put(`/${version}/vault`, bytes);
      await (when === 'now'
        ? chain.setCurrentRelease('vault', uri, checksum)
        : chain.setPendingRelease('vault', uri, checksum));
      return { version, checksum };
    },
    behave: (behaviour) => behave(world, place, behaviour),
    until: (what, holds) => world.until(what, holds),
    serves: ({ version, checksum }) =>
      world.until(
        `${version} serves`,
        ({ phase, verdict, current, child }) =>
          phase === 'running' &&
          verdict === 'healthy' &&
          current?.checksum === checksum &&
          child?.checksum === checksum,
      ),
    told: async (...events) => (await world.history()).filter(({ event }) => events.includes(event)),
    async started() {
      const lines = await world.history();
      return lines.flatMap(({ event, checksum }) => (event === 'started' || event === 'restarted' ? [checksum] : []));
    },
  };
}
