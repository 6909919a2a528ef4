import { randomUUID } from 'node:crypto';
import type { DeploymentId } from '../../core/deployment.ts';
import type { Instance } from '../../core/instance.ts';
import { adopts } from '../../core/questions.ts';
import { VisorError } from '../../errors.ts';
import type { Cell } from '../instance/cell.ts';
import { tellBlocked } from '../instance/guard.ts';
import { leaveFormerAgent, rememberSocket, untilIdle } from './former.ts';
import { type Executed, laidWords, startWords } from './order.ts';

/** How long a start of the daemon waits for the answer of an agent (ms). */
const ANSWER = 5_000;

/** The deployment that its agent runs, where it is the wanted one: that start of the supervisor is none of the client. `null`: nothing such is known. */
export async function runningAtAgent(i: Instance, cell: Cell): Promise<DeploymentId | null> {
  const socket = cell.config().agent?.socket;
  if (socket === undefined) return null;
  try {
    const found = await cell.agent.once(socket, AbortSignal.timeout(ANSWER));
    const running = 'send' in found ? found.state().running : null;
    return running?.phase === 'up' && adopts(i, running.deployment) ? running.deployment : null;
  } catch {
    return null;
  }
}

/** No child is wanted: whatever the agent runs leaves. Waits for an agent as long as the instance lives: what it runs goes on without us. */
export async function clearAgent(socket: string, cell: Cell, signal: AbortSignal): Promise<void> {
  await leaveFormerAgent(cell, signal);
  for (;;) {
    const session = await cell.agent.session(socket, signal, (words) => tellBlocked(words, cell));
    await rememberSocket(socket, cell);
    await untilIdle(session, cell, signal);
    if (session.isOpen()) return;
  }
}

/** Asks the agent whether the program could start in its container, where one is there to be asked. @throws VisorError where it could not */
export async function checkAtAgent(laid: Executed, socket: string, cell: Cell, signal: AbortSignal): Promise<void> {
  const session = await cell.agent.once(socket, signal);
  if (!('send' in session)) return;
  const id = randomUUID();
  session.send({ type: 'check', id, ...laidWords(laid, cell), ...startWords(laid) });
  for (;;) {
    signal.throwIfAborted();
    const { checked, refused } = session.state();
    if (refused?.id === id)
      throw new VisorError(refused.code, `The agent refuses it: ${refused.message}`, refused.next);
    if (checked === id || !session.isOpen()) return;
    await session.changed(signal);
  }
}
