import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { VisorError } from '../../errors.ts';
import { spanWords } from '../../observe/words/time.ts';
import { bootId } from '../../process/machine.ts';
import { find } from '../../process/who/processes.ts';
import { saveTakeover, type TakeoverRecord } from '../../store/state-takeover.ts';
import { askDaemon } from '../client.ts';
import type { Context } from '../context.ts';
import { instancesOf } from '../order.ts';
import { nameOf } from '../pick.ts';
import { withProgress } from '../progress.ts';
import { whoAsks } from '../who.ts';
import type { Plan } from './plan.ts';
import { processesOf, toldBy, type Unit, unitNow } from './unit.ts';

/** Milliseconds. A unit may say hours; systemd itself ends the wait then. */
const STOP = 3_600_000;
/** What a unit leaves behind (KillMode=process) does not leave by itself, as a rule. */
const GONE = 30_000;
/** The daemon looks again every ten seconds, and a machine may be slow. */
const START = 60_000;
const EVERY = 100;

/**
 * Takes the client over: the unit is no longer started, is stopped, its last process leaves, vaultvisor starts its own. Each step looks first whether it is
 * done, so that the whole can be said again after any death. No signal is ever sent from here: systemd ends what is its own.
 * @throws VisorError with what stands by then, and how to go on or back
 */
export async function takeOver(plan: Plan, context: Context): Promise<TakeoverRecord> {
  const { status, folder } = plan;
  const record = plan.record?.done === false && plan.record.unit === plan.unit.name ? plan.record : begun(plan.unit);
  const { unit } = record;
  const say = (step: number, words: string) => context.say(`${step}/4  ${words}`);
  const failing = async <T>(stands: string, act: () => Promise<T>): Promise<T> =>
    act().catch((error) => Promise.reject(withStanding(error, stands, record, status)));

  await saveTakeover(folder.takeoverRecord, record);
  await failing('Nothing was changed', () => disable(plan.unit));
  say(1, `${unit} is not started at boot any more`);
  await failing(`${unit} is disabled, and still runs the client`, () => stop(unit));
  say(2, `${unit} is stopped`);
  const goneAt = await failing(`${unit} is disabled and stopped, and something of it still runs`, () => gone(record));
  say(3, 'the last of its processes has left');
  const child = await failing(
    `${unit} is disabled, stopped and gone, and nothing runs the client yet; vaultvisor goes on trying`,
    () => started(plan, context),
  );
  await saveTakeover(folder.takeoverRecord, { ...record, done: true });
  // of one that was begun before nobody saw when it left
  const without = plan.unit.isActive
    ? `, after ${spanWords(Math.max(0, Date.parse(child.startedAt) - goneAt))} without a client`
    : '';
  say(4, `vaultvisor runs ${nameOf(status)} as pid ${child.pid}${without}`);
  return record;
}

/** What undoes a takeover, whole or half: vaultvisor is told first, so that the two never race. */
export const undoWords = ({ unit, enabled }: TakeoverRecord, status: InstanceStatus): string =>
  `vaultvisor stop ${nameOf(status)} && systemctl ${enabled ? 'enable --now' : 'start'} ${unit}`;

const begun = (unit: Unit): TakeoverRecord => ({
  schema: 1,
  unit: unit.name,
  enabled: unit.isEnabled,
  boot: bootId(),
  processes: processesOf(unit).map(({ pid, start }) => ({ pid, start })),
  begunAt: new Date().toISOString(),
  done: false,
});

async function disable(unit: Unit): Promise<void> {
  if (unit.isEnabled) await toldBy(['disable', '--', unit.name]);
  if (!(await unitNow(unit.name)).isEnabled) return;
  throw new VisorError('network', `${unit.name} is still enabled after systemctl disable`, 'Look at systemctl status.');
}

async function stop(name: string): Promise<void> {
  if ((await unitNow(name)).isActive) await withProgress(`${name} to stop`, () => toldBy(['stop', '--', name], STOP));
  if (!(await unitNow(name)).isActive) return;
  throw new VisorError(
    'busy',
    `${name} is active again: something starts it`,
    'Look at systemctl status and systemctl list-dependencies --reverse.',
  );
}

/** @returns when it was seen to be gone, milliseconds since the epoch */
async function gone(record: TakeoverRecord): Promise<number> {
  const left = async () => {
    const known = record.boot === bootId() ? record.processes.flatMap((one) => find(one) ?? []) : [];
    return [...known, ...processesOf(await unitNow(record.unit))];
  };
  const end = performance.now() + GONE;
  if ((await left()).length === 0) return Date.now();
  return withProgress(`the last of ${record.unit} to leave`, async () => {
    for (;;) {
      const [first] = await left();
      if (first === undefined) return Date.now();
      if (performance.now() > end)
        throw new VisorError(
          'busy',
          `pid ${first.pid} (${first.comm}) of ${record.unit} runs on though the unit is stopped`,
          `It is not ended from here. Once you know what it is: kill -INT ${first.pid}`,
        );
      await pause(EVERY);
    }
  });
}

/** The daemon would look by itself within ten seconds: a client that earns money need not wait so long. */
async function started(
  { status: before, located, record, unit }: Plan,
  context: Context,
): Promise<NonNullable<InstanceStatus['child']>> {
  const { network, client } = before;
  const now = async () => {
    const found = (await instancesOf(located, context)).find((one) => one.network === network && one.client === client);
    if (found !== undefined) return found;
    throw new VisorError(
      'usage',
      `${network}/${client} is no longer here`,
      'An edit of the args file has removed it meanwhile.',
    );
  };
  const act = async (body: object) =>
    askDaemon(
      located.home,
      { method: 'POST', path: '/v1/act', body: { network, client, act: body }, patience: 60_000 },
      context,
    );
  // it signed from this machine until now: no other one need be watched for
  const skipGuard = `${whoAsks()} (takeover from ${record?.unit ?? unit.name})`;
  const seen = await now();
  if (seen.child === null) await act({ act: 'start', skipGuard });
  const waits = await now();
  if (waits.child === null && waits.strangers.length > 0) await act({ act: 'restart' });
  const end = performance.now() + START;
  return withProgress('its child to be up', async () => {
    for (;;) {
      const instance = await now();
      if (instance.child !== null) return instance.child;
      if (performance.now() > end)
        throw new VisorError(
          'busy',
          `${nameOf(before)} is not up yet${instance.blocked === null ? '' : `: ${instance.blocked}`}`,
          'Look at vaultvisor status and history.',
        );
      await pause(EVERY);
    }
  });
}

function withStanding(error: unknown, stands: string, record: TakeoverRecord, status: InstanceStatus): unknown {
  if (!(error instanceof VisorError)) return error;
  const ways = `Go on: vaultvisor takeover ${nameOf(status)} --unit ${record.unit}. Go back: ${undoWords(record, status)}.`;
  const said =
    stands === 'Nothing was changed'
      ? `${stands}. ${error.next}`
      : `${stands}. ${error.next.replace(/\.?$/, '.')} ${ways}`;
  return new VisorError(error.code, error.message, said, { cause: error });
}
