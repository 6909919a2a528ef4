import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { told } from '../../core/notices.ts';
import { askAll, type GateName, type Waiting } from '../../gate/round.ts';
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
  for (;;) {
    const changed = somethingChanged(cell, signal);
    try {
      const waiting = await askAll(gatesFor(asked, cell), signal, crier.although);
      if (waiting === null) return;
      crier.waits(waiting);
      leaveGate(cell);
      await changed.within(waiting.wait.again);
      signal.throwIfAborted();
    } finally {
      changed.forget();
    }
  }
}

/** Whether the turn had to be waited for: then a gate may have closed meanwhile, and all are asked once more. */
async function waitedForTurn(of: Deployment, cell: Cell, signal: AbortSignal): Promise<boolean> {
  if (cell.child.get() === null || cell.permit.get() !== null) return false;
  const isFree = cell.services.updating.isFree();
  cell.gate.set('its turn: another instance is being switched');
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

/** What may open a gate before its time: the child came or went, or the file says something else of the gates. */
function somethingChanged(cell: Cell, signal: AbortSignal) {
  const present = new AbortController();
  const leave = () => present.abort();
  signal.addEventListener('abort', leave, { once: true });
  const was = isServing(cell);
  const rung = Promise.race([cell.gatesRevised.changed(present.signal), servesAnew(was, cell, present.signal)]);
  return {
    async within(span: number): Promise<void> {
      const { clock } = cell.services;
      await Promise.race([clock.sleepUntil(clock.now() + span, present.signal).catch(() => {}), rung]);
    },
    forget() {
      signal.removeEventListener('abort', leave);
      leave();
    },
  };
}

async function servesAnew(was: boolean, cell: Cell, signal: AbortSignal): Promise<void> {
  while (isServing(cell) === was && !signal.aborted)
    await Promise.race([cell.child.changed(signal), cell.blocked.changed(signal)]);
}

interface Crier {
  waits(waiting: Waiting): void;
  although(gate: GateName, words: string): void;
}

/** Tells what is waited for: `status` each time, the history once for each gate and each alarm. */
function createCrier(of: Deployment, cell: Cell): Crier {
  const said = new Set<string>();
  const once = (key: string, say: () => void) => {
    if (said.has(key)) return;
    said.add(key);
    say();
  };
  return {
    waits({ gate, wait }) {
      cell.gate.set(wait.for);
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
