import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { verifyProgram } from '../../install/laid.ts';
import { adoptChild, type Orphan } from '../../process/adopt.ts';
import type { Child, Exit } from '../../process/child.ts';
import { runChild } from '../../process/run.ts';
import { learn, putInWhenThere } from '../../put-in.ts';
import { leaveFormerAgent } from '../agent/former.ts';
import { runAtAgent } from '../agent/run-at-agent.ts';
import { accountFor } from '../instance/account.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { clearOrphan } from '../instance/clear-orphan.ts';
import { tellBlocked } from '../instance/guard.ts';
import { claimIdentity, disown, type Guard } from '../instance/identity.ts';
import { refuseStrangers, withoutStrangers } from '../instance/strangers.ts';
import type { Stage } from '../reconciler.ts';
import { exited, notUp } from './exit-event.ts';
import { openReady } from './fetch.ts';
import { leaveGate } from './gate.ts';
import { LostBytes, lookAgain } from './lost-bytes.ts';
import { runRequest, startingOf, textsOf } from './run-request.ts';
import { tiniFor } from './tini-for.ts';
import { isUp, left, type Run } from './up.ts';

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
  const start = await putInWhenThere(laid.start, cell, (words) => tellBlocked(words, cell), signal);
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
    const executed = { program: laid.program, start, tini, as };
    return await withoutStrangers(guard, cell, signal, () =>
      runChild(runRequest(task, executed, guard, cell, { beforeSpawn, isUp: () => started() }), signal),
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
  // only to know what it must not be heard to say; it was started by another
  await learn(task.of, cell);
  const hooks = { beforeSpawn: async () => {}, isUp: () => {}, adopted: true };
  try {
    return await adoptChild(
      orphan,
      runRequest(task, { program: cell.folder.deployment(task.of.id).root, start: task.of }, guard, cell, hooks),
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

/** `start.delay` after the last child left: some peers need that long to forget it. */
async function rested(cell: Cell, signal: AbortSignal): Promise<void> {
  const leftAt = cell.leftAt.get();
  const { clock } = cell.services;
  if (leftAt !== null)
    await clock.sleepUntil(clock.now() + cell.config().startDelay - (performance.now() - leftAt), signal);
}
