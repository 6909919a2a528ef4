import { join } from 'node:path';

/** Where the locks of every client of this machine lie, unless somebody says otherwise: whoever looks after one finds it without being told. */
export const sharedLocks = '/run/lock/vaultvisor';

/** The disk as a tree: each path is spelled here once (docs/architecture.md, "Disk"). */
export interface Home {
  readonly root: string;
  readonly supervisorLock: string;
  readonly controlSocket: string;
  /** For those who may only read: a folder of their group, and the socket in it. */
  readonly readers: { readonly folder: string; readonly socket: string };
  /** The configuration that was last accepted. */
  readonly accepted: string;
  /** By which the daemons of one boot go by one clock. */
  readonly clock: string;
  /** What goes on, and which messages of it wait for their receivers. */
  readonly notify: string;
  readonly store: Store;
  readonly locks: string;
  readonly instances: string;
  instance(network: string, client: string): InstanceFolder;
  /** The genesis recorded at first contact. */
  genesis(network: string): string;
}

export interface Store {
  /** A note for each checksum that a person staged. */
  readonly staged: string;
  readonly partial: string;
  readonly verified: string;
}

export interface InstanceFolder {
  readonly root: string;
  readonly state: string;
  readonly formerState: string;
  readonly history: string;
  readonly childRecord: string;
  /** On which machine its account was found quiet (docs/configuration.md, "Guard"). */
  readonly guardRecord: string;
  /** What its gates must know over a restart. */
  readonly gatesRecord: string;
  /** How many hours were left until its first payment was due (docs/configuration.md, "Hours to redeem"). */
  readonly redeemRecord: string;
  /** Which agent runs it, in a container of its own. */
  readonly agentRecord: string;
  /** How far it was taken over from the unit that ran it before. */
  readonly takeoverRecord: string;
  readonly deployments: string;
  readonly current: string;
  readonly data: string;
  /** Of its data, one folder for each switch, unless the args file says where else. */
  readonly backups: string;
  /** What was done to its data, switch by switch. */
  readonly moves: string;
  /** The migration of its data that runs now. */
  readonly migration: string;
  readonly log: string;
  /** What migrations of its data said. */
  readonly migrationLog: string;
  readonly logs: string;
  deployment(id: string): DeploymentFolder;
}

export interface DeploymentFolder {
  readonly root: string;
  readonly args: string;
  readonly record: string;
  /** Its config files. */
  readonly files: string;
}

export function homeAt(root: string): Home {
  const instances = join(root, 'instances');
  const store = join(root, 'store');
  return {
    root,
    supervisorLock: join(root, 'supervisor.lock'),
    controlSocket: join(root, 'control.sock'),
    readers: { folder: join(root, 'control'), socket: join(root, 'control', 'read.sock') },
    accepted: join(root, 'accepted.json'),
    clock: join(root, 'clock.json'),
    notify: join(root, 'notify.json'),
    store: { partial: join(store, 'partial'), verified: join(store, 'sha256'), staged: join(store, 'staged') },
    locks: join(root, 'locks'),
    instances,
    instance: (network, client) => instanceFolder(join(instances, network, client)),
    // no client is called so: names begin with a letter or digit
    genesis: (network) => join(instances, network, '.genesis'),
  };
}

function instanceFolder(root: string): InstanceFolder {
  const deployments = join(root, 'deployments');
  const logs = join(root, 'logs');
  return {
    root,
    state: join(root, 'state.json'),
    formerState: join(root, 'state.former.json'),
    history: join(root, 'history.ndjson'),
    childRecord: join(root, 'child.json'),
    guardRecord: join(root, 'guard.json'),
    gatesRecord: join(root, 'gates.json'),
    redeemRecord: join(root, 'redeem.json'),
    agentRecord: join(root, 'agent.json'),
    takeoverRecord: join(root, 'takeover.json'),
    deployments,
    current: join(root, 'current'),
    data: join(root, 'data'),
    backups: join(root, 'backups'),
    moves: join(root, 'moves.json'),
    migration: join(root, 'migration'),
    migrationLog: join(logs, 'migration.log'),
    logs,
    log: join(logs, 'client.log'),
    deployment: (id) => deploymentFolder(join(deployments, id)),
  };
}

function deploymentFolder(root: string): DeploymentFolder {
  return { root, args: join(root, 'args.json'), record: join(root, 'deployment.json'), files: join(root, 'files') };
}
