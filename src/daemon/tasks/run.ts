import { existsSync } from 'node:fs';
import type { Account } from '../../account.ts';
import { configFor } from '../../config/config-for.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { told } from '../../core/notices/notice.ts';
import type { Task } from '../../core/tasks.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { type Laid, verifyProgram } from '../../install/laid.ts';
import { adoptChild, type Orphan } from '../../process/adopt.ts';
import type { Child, Exit } from '../../process/child.ts';
import { runChild } from '../../process/run.ts';
import { leaveFormerAgent } from '../agent/former.ts';
import { runAtAgent } from '../agent/run-at-agent.ts';
import { accountFor } from '../instance/account.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { clearOrphan } from '../instance/clear-orphan.ts';
import { clearRequest, refusesOrphans, tellBlocked } from '../instance/guard.ts';
import { claimIdentity, disown, type Guard } from '../instance/identity.ts';
import { refuseStrangers, withoutStrangers } from '../instance/strangers.ts';
import type { Stage } from '../reconciler.ts';
import { exited, notUp } from './exit-event.ts';
import { openReady } from './fetch.ts';
import { leaveGate } from './gate.ts';
import { LostBytes, lookAgain } from './lost-bytes.ts';
import { pointToPresent } from './point-current.ts';
import { tiniFor } from './tini-for.ts';

/** Of the child's output in one file; older ones are kept beside it (process/output.ts). */
const LOG_CAP = 16 * 2 ** 20;

type Run = Extract<Task, { do: 'run' }>;

/** The next run, where there is one, follows at once: what was proved at the end of the last is kept for it. */
const HAND_ON = 1_000;

/** How long a start counts as one of those under way (`maxStarting`), unless it is healthy or gone before. */
const STARTING = 10_000;

/**
 * Runs the child of a deployment from its start to its exit. Ends in `exited`, or in `spoiled` where its bytes are lost.
 * What keeps it from being started is an exit too: it is tried again after its backoff, and fails a probation.
 */
export async function runTask(task: Run, cell: Cell, stage: Stage): Promise<TaskEvent> {
  const { of } = task;
  try {
    const { agent } = cell.config();
    return exited(of, await (agent === null ? live : liveAtAgent)(task, cell, stage), cell);
  } catch (error) {
    if (error instanceof LostBytes) return lookAgain(of, cell, stage.signal);
    stage.signal.throwIfAborted();
    const next = error instanceof VisorError ? error.next : undefined;
    cell.log.error({ ...briefly(of), reason: sentenceOf(error), next }, 'the client could not be started');
    return notUp(of, error, cell);
  } finally {
    // who is told to stop before it began leaves what it would have ended first
    if (stage.signal.aborted && !cell.isClear.get()) await clearOrphan(cell);
    // what was not started need not keep the others from their turn: its next start is a restart
    if (cell.permit.get()?.of === of.id) leaveGate(cell);
  }
}

/** The guard may watch for minutes, and what is on this machine is looked at again then. */
const MOMENT = 1_000;

/** One life of the child. Everything slow is done before the slot is free, while the former one still leaves it. */
async function live(task: Run, cell: Cell, { signal, enter }: Stage): Promise<Exit> {
  const laid = await openReady(task.of, cell, signal);
  await leaveFormerAgent(cell, signal);
  const as = await accountFor(task.of, laid, cell);
  const guard = await claimIdentity(cell, signal);
  await enter();
  signal.throwIfAborted();
  const orphan = takeOrphan(task.of, cell);
  if (orphan !== null) return adopted(orphan, task, guard, cell, signal);
  if (laid === null) throw new LostBytes();
  await rested(cell, signal);
  const tini = await tiniFor(cell, signal);
  const isHomeOurs = () => cell.services.homeLock.held(signal, (words) => tellBlocked(words, cell));
  await isHomeOurs();
  let started = () => {};
  // only when nothing is in its way: one that waits for a stranger to leave must not keep the others from starting
  const beforeSpawn = async () => {
    cell.isClear.set(true);
    await refuseStrangers(guard, cell);
    const since = performance.now();
    await cell.copies.passed(signal);
    if (performance.now() - since > MOMENT) await refuseStrangers(guard, cell);
    started = await cell.services.starting.acquire(signal);
    await isHomeOurs();
    if (!(await verifyProgram(laid, signal))) throw new LostBytes();
  };
  try {
    const executed = { program: laid.program, start: laid.start, tini, as };
    return await withoutStrangers(guard, cell, signal, () =>
      runChild(request(task, executed, guard, cell, { beforeSpawn, isUp: () => started() }), signal),
    );
  } finally {
    started();
    left(cell);
  }
}

/** The same in the container of its agent, which has the locks and looks for strangers itself. What only the daemon knows is asked here. */
async function liveAtAgent(task: Run, cell: Cell, { signal, enter }: Stage): Promise<Exit> {
  const { of } = task;
  const laid = await openReady(of, cell, signal);
  await enter();
  signal.throwIfAborted();
  void disown(cell); // the agent is to own it
  const socket = cell.config().agent?.socket ?? '';
  let started = () => {};
  const lost = () => {
    throw new LostBytes();
  };
  const beforeSpawn = async () => {
    cell.isClear.set(true);
    await rested(cell, signal);
    await cell.copies.passed(signal);
    started = await cell.services.starting.acquire(signal);
    await cell.services.homeLock.held(signal, (words) => tellBlocked(words, cell));
    if (laid === null || !(await verifyProgram(laid, signal))) lost();
  };
  const up = (child: Child, isAdopted: boolean) => {
    isUp(task, child, isAdopted, cell);
    setTimeout(() => started(), startingOf(of, cell)).unref();
  };
  try {
    return await runAtAgent(
      { of, socket, laid, texts: textsOf(of, cell), beforeSpawn, started: up, lost },
      cell,
      signal,
    );
  } finally {
    started();
    left(cell);
  }
}

/** Whose bytes are lost runs on: they are asked for at its next start. */
async function adopted(orphan: Orphan, task: Run, guard: Guard, cell: Cell, signal: AbortSignal): Promise<Exit> {
  const hooks = { beforeSpawn: async () => {}, isUp: () => {}, adopted: true };
  try {
    return await adoptChild(
      orphan,
      request(task, { program: cell.folder.deployment(task.of.id).root, start: task.of }, guard, cell, hooks),
      signal,
    );
  } finally {
    left(cell);
  }
}

/** Once, and only for the run of what it is. */
function takeOrphan({ id }: Deployment, cell: Cell): Orphan | null {
  const orphan = cell.orphan.get();
  cell.orphan.set(null);
  return orphan?.deployment === id ? orphan : null;
}

interface Executed {
  readonly program: string;
  readonly start: Laid['start'];
  readonly tini?: string | undefined;
  readonly as?: Account | null;
}

interface Hooks {
  beforeSpawn(): Promise<void>;
  isUp(): void;
  readonly adopted?: boolean;
}

function request(task: Run, { program, start, tini, as = null }: Executed, guard: Guard, cell: Cell, hooks: Hooks) {
  const { of } = task;
  return {
    ...clearRequest(guard, cell),
    // as the file says when it is stopped, not when it was started
    get stop() {
      return configFor(cell.config(), of.release).stop;
    },
    get refuses() {
      return refusesOrphans(cell);
    },
    deployment: of.id,
    program,
    as,
    folders: dataFolders(cell),
    tini,
    args: start.args,
    env: start.env,
    cwd: of.cwd,
    home: cell.services.home.root,
    logFile: cell.folder.log,
    logCap: LOG_CAP,
    // of an instance that ends nothing is kept: its home may be another daemon's in a moment
    get handOn() {
      return cell.stopping.aborted ? undefined : HAND_ON;
    },
    texts: textsOf(of, cell),
    beforeSpawn: hooks.beforeSpawn,
    started: (child: Child) => {
      isUp(task, child, hooks.adopted ?? false, cell);
      setTimeout(hooks.isUp, startingOf(of, cell)).unref();
    },
  };
}

/** What is looked for in its lines. */
function textsOf({ release }: Deployment, cell: Cell): readonly string[] {
  const { probes, noRestart } = configFor(cell.config(), release);
  return [...noRestart.lines, ...probes.flatMap((probe) => (probe.kind === 'log' ? [probe.text] : []))];
}

const startingOf = ({ release }: Deployment, cell: Cell) =>
  Math.min(STARTING, configFor(cell.config(), release).health.minHealthyTime);

/** Beside its working directory. */
const dataFolders = (cell: Cell): readonly string[] => {
  const { data } = cell.config();
  return data !== null && existsSync(data.dir) ? [data.dir] : [];
};

/** `start.delay` after the last child left: some peers need that long to forget it. */
async function rested(cell: Cell, signal: AbortSignal): Promise<void> {
  const leftAt = cell.leftAt.get();
  const { clock } = cell.services;
  if (leftAt !== null)
    await clock.sleepUntil(clock.now() + cell.config().startDelay - (performance.now() - leftAt), signal);
}

function isUp({ of, turn }: Run, child: Child, isAdopted: boolean, cell: Cell): void {
  const leftAt = cell.leftAt.get();
  const last = cell.lastStart.get();
  const isAgain = last?.id === of.id;
  const downtime = leftAt === null ? null : Math.max(0, Math.round(performance.now() - leftAt));
  cell.blocked.set(null);
  cell.isClear.set(true);
  cell.copies.up();
  cell.child.set({
    pid: child.pid,
    deployment: of,
    turn,
    startedAt: child.startedAt,
    startedMonotonic: child.since,
    texts: new Set(child.texts),
    seen: (text) => child.seen(text),
  });
  cell.lastStart.set({ id: of.id, leftBy: 'exit' });
  cell.lastExit.set(null);
  leaveGate(cell);
  if (isAdopted) cell.notice({ event: 'orphan', action: 'adopted', ...told(of), pids: [child.pid] });
  else
    cell.notice({
      event: isAgain ? 'restarted' : 'started',
      ...told(of),
      pid: child.pid,
      downtime,
      ...(child.logFrom !== undefined && { logFrom: child.logFrom }),
      ...(isAgain ? { reason: last.leftBy } : {}),
    });
  void pointToPresent(of, cell);
}

function left(cell: Cell): void {
  if (cell.child.get() !== null) {
    cell.leftAt.set(performance.now());
    cell.copies.down();
  }
  cell.child.set(null);
  cell.blocked.set(null);
}
