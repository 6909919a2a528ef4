import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { told } from '../../core/notices/notice.ts';
import { askAll, type Telling, type Waiting } from '../../gate/round.ts';
import { type Asked, gatesFor, isServing } from '../gates/gates.ts';
import type { Cell } from '../instance/cell.ts';

/**
 * Asks the gates while the old child serves, then takes its turn among the instances that switch. Ends in `cleared`. What a wait is for is said in the
 * cell's `gate`; where nothing serves nothing is waited for but the chain.
 */
export async function gateTask(asked: Asked, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  const { of } = asked;
  const crier = createCrier(of, cell);
  try {
    do await passGates(asked, cell, crier, signal);
    while (await waitedForTurn(of, cell, signal));
  } finally {
    cell.gate.set(null);
  }
  return { type: 'cleared', of: of.id };
}

async function passGates(asked: Asked, cell: Cell, crier: Crier, signal: AbortSignal): Promise<void> {
  for (let isPassed = false; !isPassed; signal.throwIfAborted()) {
    const present = untilChange(cell, signal);
    try {
      isPassed = await round(asked, cell, crier, present.signal);
    } catch (error) {
      if (!present.signal.aborted) throw error;
    } finally {
      present.leave();
    }
  }
}

/** Asks them once; where one waits, so does this. */
async function round(asked: Asked, cell: Cell, crier: Crier, signal: AbortSignal): Promise<boolean> {
  const waiting = await askAll(gatesFor(asked, cell), signal, crier);
  if (waiting === null) return true;
  crier.waits(waiting);
  leaveGate(cell);
  const { clock } = cell.services;
  await clock.sleepUntil(clock.now() + waiting.wait.again, signal);
  return false;
}

/** Whether the turn had to be waited for: then a gate may have closed meanwhile, and all are asked once more. */
async function waitedForTurn(of: Deployment, cell: Cell, signal: AbortSignal): Promise<boolean> {
  if (cell.child.get() === null || cell.permit.get() !== null) return false;
  const isFree = cell.services.updating.isFree();
  cell.gate.set({ name: 'turn', words: 'its turn: another instance is being switched' });
  const present = new AbortController();
  const leave = () => present.abort();
  signal.addEventListener('abort', leave, { once: true });
  void childGone(cell, present.signal).then(leave);
  try {
    const giveBack = await cell.services.updating.acquire(present.signal);
    if (signal.aborted) giveBack();
    signal.throwIfAborted();
    cell.permit.set({ of: of.id, giveBack });
    return !isFree;
  } catch (error) {
    signal.throwIfAborted();
    if (!present.signal.aborted) throw error;
    return false;
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
    cell.gate.set(null);
  }
}

/** Resolves when no child is up, or when the signal aborts. */
async function childGone({ child }: Cell, signal: AbortSignal): Promise<void> {
  while (child.get() !== null && !signal.aborted) await child.changed(signal);
}

/** Gives the turn to the next: the new child has been started, or it came to nothing. */
export function leaveGate(cell: Cell): void {
  cell.permit.get()?.giveBack();
  cell.permit.set(null);
}

/**
 * Aborts as soon as what is being asked, or waited for, may be another: the child came or went, or the file says something else of the gates. A drain
 * command may run for hours.
 */
function untilChange(cell: Cell, signal: AbortSignal) {
  const present = new AbortController();
  const leave = () => present.abort();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  void cell.gatesRevised.changed(present.signal).then(leave);
  void servesAnew(isServing(cell), cell, present.signal).then(leave);
  return {
    signal: present.signal,
    leave() {
      signal.removeEventListener('abort', leave);
      leave();
    },
  };
}

async function servesAnew(was: boolean, cell: Cell, signal: AbortSignal): Promise<void> {
  while (isServing(cell) === was && !signal.aborted)
    await Promise.race([cell.child.changed(signal), cell.blocked.changed(signal)]);
}

interface Crier extends Telling {
  waits(waiting: Waiting): void;
}

/** Tells what is waited for: `status` each time, the history once for each gate and each alarm. */
function createCrier(of: Deployment, cell: Cell): Crier {
  const said = new Set<string>();
  const once = (key: string, say: () => void) => {
    if (said.has(key)) return;
    said.add(key);
    say();
  };
  let waited: string | null = null;
  return {
    // what it said the last time says more, unless that is over
    asks({ name, asking }) {
      if (asking !== undefined && waited !== name) cell.gate.set({ name, words: asking() });
    },
    waits({ gate, wait }) {
      waited = gate;
      cell.gate.set({ name: gate, words: wait.for });
      once(`waits ${gate}`, () => cell.notice({ event: 'gateWaits', ...told(of), gate, reason: wait.for }));
      const { alarm } = wait;
      if (alarm === undefined) return;
      once(alarm, () => cell.notice({ event: 'alarm', about: gate, ...told(of), reason: alarm }));
    },
    although(gate, words) {
      once(`although ${gate}`, () => cell.notice({ event: 'gateOverridden', ...told(of), gate, reason: words }));
    },
  };
}
