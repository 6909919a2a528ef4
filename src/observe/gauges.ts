import { Counter, Gauge, type Registry } from 'prom-client';
import type { InstanceStatus } from '../core/instance-status.ts';
import type { DaemonLook, Look, NetworkLook } from './look.ts';
import { notifyGauges } from './notify-gauges.ts';
import { updateGauges } from './update-gauges.ts';

/** Registers what is a level: read from a look at each scrape, so that it cannot drift from `status`. */
export function createGauges(register: Registry): (look: Look) => void {
  const showDaemon = daemonGauges(register);
  const showInstance = instanceGauges(register);
  const showUpdates = updateGauges((...of) => gauge(register, ...of));
  const showNetwork = networkGauges(register);
  const showReceivers = notifyGauges(register);
  return ({ daemon, instances, networks, notify }) => {
    showDaemon(daemon);
    showInstance(instances);
    showUpdates(instances);
    showNetwork(networks);
    showReceivers(notify);
  };
}

function daemonGauges(register: Registry): (daemon: DaemonLook) => void {
  const build = gauge(register, 'build_info', 'Always 1; the version is a label.', ['version']);
  const valid = gauge(register, 'config_valid', 'Whether the present args file is in force (0: it was refused).', []);
  return ({ version, refusal }) => {
    build.set({ version }, 1);
    valid.set(refusal === null ? 1 : 0);
  };
}

const ofInstance = ['network', 'client'] as const;

function instanceGauges(register: Registry): (instances: readonly InstanceStatus[]) => void {
  const ok = gauge(register, 'instance_ok', 'Whether the instance is as it should be, as `status` judges.', ofInstance);
  const up = gauge(register, 'child_up', 'Whether the child runs.', ofInstance);
  const serving = gauge(
    register,
    'instance_serving',
    'Whether the child runs and is not known to be unhealthy.',
    ofInstance,
  );
  const stopped = gauge(register, 'instance_stopped', 'Whether a person stopped the client.', ofInstance);
  const started = gauge(
    register,
    'child_start_time_seconds',
    'When the child that runs was started, since the Unix epoch.',
    ofInstance,
  );
  const quarantined = gauge(
    register,
    'quarantined_releases',
    'Deployments that may not run, because they failed or a person said so.',
    ofInstance,
  );
  const watching = gauge(
    register,
    'guard_watching',
    'Whether its first start on this machine waits until its account was quiet.',
    ofInstance,
  );
  const alarm = gauge(
    register,
    'guard_alarm',
    'Whether its account signs while it is down: a copy of it runs on another machine.',
    ofInstance,
  );
  const strangers = gauge(
    register,
    'strangers',
    'Clients of its account that vaultvisor did not start, as long as it waits for them to leave.',
    ofInstance,
  );
  const deadline = gauge(
    register,
    'redeem_deadline_timestamp_seconds',
    'When the first payment of the client is due, as it said last, since the Unix epoch.',
    ofInstance,
  );
  const critical = gauge(
    register,
    'redeem_critical',
    'Whether nothing healthy serves while few hours are left until a payment is due.',
    ofInstance,
  );
  return (instances) => {
    for (const each of [ok, up, serving, stopped, started, quarantined, strangers, watching, alarm, deadline, critical])
      each.reset();
    for (const instance of instances) {
      const { network, client, child } = instance;
      const labels = { network, client };
      ok.set(labels, instance.ok ? 1 : 0);
      up.set(labels, child === null ? 0 : 1);
      serving.set(labels, isServing(instance) ? 1 : 0);
      stopped.set(labels, instance.stopped ? 1 : 0);
      if (child) started.set(labels, seconds(child.startedAt));
      quarantined.set(labels, instance.quarantined.length);
      watching.set(labels, instance.guard?.state === 'watching' ? 1 : 0);
      alarm.set(labels, instance.guard !== null && instance.guard.state !== 'watching' ? 1 : 0);
      strangers.set(labels, instance.strangers.length);
      if (instance.redeem) deadline.set(labels, seconds(instance.redeem.deadline));
      if (instance.redeem) critical.set(labels, instance.redeem.critical ? 1 : 0);
    }
  };
}

/** A crash loop is up now and then; its verdict says that it serves nobody. */
const isServing = ({ child, verdict }: InstanceStatus): boolean =>
  child !== null && verdict !== 'unhealthy' && verdict !== 'down' && verdict !== 'gone';

function networkGauges(register: Registry): (networks: readonly NetworkLook[]) => void {
  const block = gauge(register, 'chain_finalized_block', 'The finalised block that was heard last.', ['network']);
  const heard = gauge(
    register,
    'chain_last_finalized_timestamp_seconds',
    'When the network was last heard to finalise, since the Unix epoch.',
    ['network'],
  );
  const rpc = gauge(register, 'rpc_up', 'Whether the endpoint answers: what is not in use counts as it last did.', [
    'network',
    'endpoint',
  ]);
  const reconnects = counter(register, 'chain_reconnects_total', 'Connections after the first.');
  const stalls = counter(register, 'chain_stalls_total', 'Connections given up because nothing was finalised.');
  return (networks) => {
    for (const each of [block, heard, rpc, reconnects, stalls]) each.reset();
    for (const { network, finalized, heardAt, endpoints, ...counts } of networks) {
      if (finalized) block.set({ network }, finalized.number);
      if (heardAt) heard.set({ network }, seconds(heardAt));
      for (const { endpoint, up } of endpoints) rpc.set({ network, endpoint }, up ? 1 : 0);
      reconnects.inc({ network }, counts.reconnects);
      stalls.inc({ network }, counts.stalls);
    }
  };
}

function gauge<L extends string>(register: Registry, name: string, help: string, labelNames: readonly L[]): Gauge<L> {
  return new Gauge({ name: `vaultvisor_${name}`, help, labelNames, registers: [register] });
}

function counter(register: Registry, name: string, help: string): Counter<'network'> {
  return new Counter({ name: `vaultvisor_${name}`, help, labelNames: ['network'], registers: [register] });
}

const seconds = (iso: string): number => Date.parse(iso) / 1000;
