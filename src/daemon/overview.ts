import type { ChainState } from '../chain/network.ts';
import { atRest, born } from '../core/born.ts';
import type { ChainStatus } from '../core/instance-status.ts';
import { statusOf } from '../core/status.ts';
import { type Home, homeAt } from '../layout.ts';
import type { InstanceLook, Look, NetworkLook } from '../observe/look.ts';
import { recordedChild } from '../process/living.ts';
import { quietUrls } from '../quiet-url.ts';
import type { Configuration } from './configuration.ts';
import type { HomeLock } from './home-lock.ts';
import type { RunningInstance } from './instance/instance.ts';
import { policyOf } from './instance/policy.ts';
import type { Instances, Refused } from './instances.ts';
import type { Networks } from './networks.ts';
import type { Messenger } from './notify/messenger.ts';

export interface Overseen {
  readonly instances: Instances;
  readonly networks: Networks;
  readonly configuration: Configuration;
  readonly file: string;
  readonly home: string;
  readonly homeLock: Pick<HomeLock, 'lost'>;
  readonly messenger: Pick<Messenger, 'look'>;
  readonly version: string;
  readonly startedAt: number;
}

/** Everything that is known now, for `status`, `/status.json` and the metrics. */
export function overview(over: Overseen): Look {
  const { file, home, version, startedAt, instances, networks } = over;
  const names = [...new Set(instances.all().map(({ network }) => network))];
  return {
    daemon: {
      version,
      pid: process.pid,
      startedAt: new Date(startedAt).toISOString(),
      home,
      file,
      refusal: over.configuration.refusal(),
    },
    instances: [
      ...instances.all().map((instance) => instance.status(around(instance, over))),
      ...instances.refused().map((refused) => refusedStatus(refused, homeAt(home))),
    ],
    networks: names.flatMap((name) => {
      const state = networks.state(name);
      return state === null ? [] : [networkLook(name, state)];
    }),
    notify: over.messenger.look(),
  };
}

function around({ network, client, config }: RunningInstance, { networks, configuration, homeLock }: Overseen) {
  const state = networks.state(network);
  const isWatched = config().account !== null;
  const readsChain = state !== null && (isWatched || networks.last(network, client)?.block !== null);
  const isKept =
    configuration
      .present()
      ?.kept.some((placed) => placed.client.network === network && placed.client.client === client) ?? false;
  return {
    configured: !isKept,
    chain: readsChain ? chainStatus(state) : null,
    trouble: homeLock.lost() ?? networks.trouble(network, client),
  };
}

function chainStatus({ endpoint, connected, finalized }: ChainState): ChainStatus {
  return {
    endpoint: endpoint && quietUrls(endpoint),
    connected,
    finalized: finalized && { ...finalized, at: isoOrNull(finalized.at) },
  };
}

function networkLook(network: string, state: ChainState): NetworkLook {
  const { endpoint, connected, genesis, specVersion, heardAt, trouble, reconnects, stalls } = state;
  const endpoints = state.endpoints.map(({ endpoint: url, up }) => ({ endpoint: quietUrls(url), up }));
  const finalized = chainStatus(state).finalized;
  return {
    network,
    endpoint: endpoint && quietUrls(endpoint),
    connected,
    genesis,
    specVersion,
    finalized,
    heardAt: isoOrNull(heardAt),
    trouble,
    endpoints,
    reconnects,
    stalls,
  };
}

/** Its state cannot be read: it is shown, down, with the reason. A bad disk ends no child: one that was left behind runs on, and that is told. */
function refusedStatus({ config, reason }: Refused, home: Home): InstanceLook {
  const child = recordedChild(home.instance(config.network, config.client).childRecord);
  const nothing = { ...born(config.settings, null), volatile: atRest };
  const live = {
    child: child && { ...child, checksum: null },
    configured: true,
    chain: null,
    blocked: child === null ? reason : `${reason} Its child, pid ${child.pid}, runs on, and nobody looks after it.`,
    strangers: [],
    trouble: null,
    failing: null,
    guard: null,
    gate: null,
    progress: null,
  };
  const status = statusOf(config.network, config.client, nothing, policyOf(config), live);
  return { ...status, named: null, waiting: null, pendingStaged: null };
}

const isoOrNull = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
