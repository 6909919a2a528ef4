import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EndedChild, RunningChild } from '../../agent/protocol.ts';
import type { NoSession, Session } from '../../agent/session.ts';
import type { Deployment } from '../../core/deployment.ts';
import { VisorError } from '../../errors.ts';
import type { Laid } from '../../install/laid.ts';
import { type Child, type Exit, notStarted } from '../../process/child.ts';
import { LockLost } from '../../process/locks/lock-check.ts';
import type { Cell } from '../instance/cell.ts';
import { tellBlocked } from '../instance/guard.ts';
import { leaveFormerAgent, rememberSocket } from './former.ts';
import { lostOf, orderOf, stopWords } from './order.ts';

/** While a child is up whose agent cannot be reached although it may live (ms). */
const AGAIN = 1_000;

export interface AgentRun {
  readonly of: Deployment;
  readonly socket: string;
  /** What is on disk of it; `null`: its bytes are lost, so only what runs already can be taken over. */
  readonly laid: Laid | null;
  readonly texts: readonly string[];
  /** Called when nothing but the start is left to do, and nothing of the client runs; what it throws is passed on, and nothing is started. */
  beforeSpawn(): Promise<void>;
  started(child: Child, adopted: boolean): void;
  /** Its bytes are lost, and there is nothing to take over. */
  lost(): never;
}

/**
 * One life of the child in its agent's container: the same seam as runChild (process/run.ts), with a socket in it. The agent is the truth about its child:
 * what it runs already is taken over where it is what is wanted, else it leaves first. Aborting the signal has it leave, with its grace; but a daemon that
 * ends leaves it to its agent.
 * @throws VisorError what the agent refuses it for, and what `beforeSpawn` throws
 */
export async function runAtAgent(run: AgentRun, cell: Cell, signal: AbortSignal): Promise<Exit> {
  await leaveFormerAgent(cell, signal);
  const blocked = (words: string | null): void => tellBlocked(words, cell);
  const life = createLife();
  try {
    for (;;) {
      const session = await cell.agent.session(run.socket, signal, blocked);
      await rememberSocket(run.socket, cell);
      const end = await converse(life, run, session, cell, signal);
      if (end !== null) return end;
      const present = await whatIsLeft(life, run, cell, signal);
      if (present !== null) return present;
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    return cell.services.leaving.aborted ? notStarted(DETACHED, true) : await leave(life, run, cell);
  } finally {
    blocked(null);
  }
}

const DETACHED = 'goes on at its agent, without a daemon';
const GONE = 'the agent that ran it has ended, and the client with it';

interface Life {
  readonly id: string;
  /** The agent that was told to start it, or that has it. */
  agent: string | null;
  /** It was told to start: whether it did, only the agent knows. */
  went: boolean;
  since: number | null;
  readonly seen: Set<string>;
}

const createLife = (): Life => ({ id: randomUUID(), agent: null, went: false, since: null, seen: new Set() });

/** As long as this connection lasts. `null`: it ended first. */
async function converse(
  life: Life,
  run: AgentRun,
  session: Session,
  cell: Cell,
  signal: AbortSignal,
): Promise<Exit | null> {
  const { of } = run;
  if (!(life.went && life.agent === session.agent)) {
    const missed = endedUnheard(session.state().ended, of);
    if (missed !== null) {
      session.send({ type: 'heard', id: missed.id });
      return exitOf(missed, life);
    }
    const { running } = session.state();
    const isHere = running?.deployment === of.id && running.phase === 'up';
    if (run.laid === null && !isHere) run.lost();
    session.send(orderOf(life.id, of, run.laid ?? lostOf(of, cell), run.texts, cell));
    life.agent = session.agent;
  }
  for (;;) {
    signal.throwIfAborted();
    const { ended, refused, ready, running, blocked, adopted, orphans } = session.state();
    if (ended?.id === life.id) {
      session.send({ type: 'heard', id: ended.id });
      return exitOf(ended, life);
    }
    if (refused?.id === life.id) {
      const Refused = refused.final ? LockLost : VisorError;
      throw new Refused(refused.code, `The agent refuses it: ${refused.message}`, refused.next);
    }
    if (running?.id === life.id && running.phase !== 'preparing') {
      for (const text of running.seen) life.seen.add(text);
      if (life.since === null) begin(life, run, running, adopted);
    } else if (ready === life.id && !life.went) {
      if (orphans.length > 0) cell.notice({ event: 'orphan', action: 'ended', pids: orphans });
      await run.beforeSpawn();
      signal.throwIfAborted();
      if (session.isOpen()) {
        life.went = true;
        session.send({ type: 'go', id: life.id });
      }
    } else if (life.since === null) tellBlocked(blocked, cell);
    if (!session.isOpen()) return null;
    await session.changed(signal);
  }
}

function begin(life: Life, run: AgentRun, running: RunningChild, adopted: boolean): void {
  const since = performance.now() - running.age;
  life.since = since;
  life.went = true;
  run.started(
    {
      pid: running.pid ?? 0,
      startedAt: Date.now() - running.age,
      since,
      texts: running.texts,
      seen: (text) => life.seen.has(text),
      lastLines: () => [],
    },
    adopted,
  );
}

/** The connection ended. Either the agent did, and then its child is gone; or it lives, and says what is. `null`: go on with it. */
async function whatIsLeft(life: Life, run: AgentRun, cell: Cell, signal: AbortSignal): Promise<Exit | null> {
  for (;;) {
    const found = await cell.agent.once(run.socket, signal);
    if ('send' in found) {
      if (!life.went) return null;
      const { running, ended } = found.state();
      const isSame = found.agent === life.agent;
      return isSame && (running?.id === life.id || ended?.id === life.id) ? null : gone(life, false);
    }
    if (!life.went) return null;
    if (found.why === 'nobody') return gone(life, false);
    tellBlocked(`what has become of the client is not known: ${found.words}`, cell);
    await pause(AGAIN, undefined, { signal });
  }
}

/** Asked to leave, by the rule of the file as it is now. Where the agent has ended, so has it. */
async function leave(life: Life, { of, socket }: AgentRun, cell: Cell): Promise<Exit> {
  const never = new AbortController().signal;
  for (;;) {
    const found: Session | NoSession = await cell.agent.once(socket, never);
    if (!('send' in found)) {
      // what another daemon commands is no longer ours to stop
      if (found.why !== 'other' || cell.stopping.aborted) return gone(life, true);
      await pause(AGAIN);
      continue;
    }
    const { idles } = found.state();
    found.send(stopWords(of, cell));
    while (found.isOpen() && found.state().idles === idles && !cell.services.leaving.aborted) {
      tellBlocked(found.state().blocked, cell);
      await found.changed(cell.services.leaving);
    }
    const { ended } = found.state();
    if (ended !== null) found.send({ type: 'heard', id: ended.id });
    if (ended?.id === life.id) return exitOf(ended, life);
    if (found.isOpen())
      return life.since === null ? notStarted('was stopped before it was started', true) : gone(life, true);
  }
}

/** It ended by itself while no daemon was there to hear of it. One that was asked to leave is simply not there. */
const endedUnheard = (ended: EndedChild | null, of: Deployment): EndedChild | null =>
  ended !== null && ended.deployment === of.id && !ended.exit.asked ? ended : null;

function exitOf({ exit }: EndedChild, { seen }: Life): Exit {
  return { ...exit, adopted: false, seen: new Set([...seen, ...exit.seen]) };
}

function gone({ since, seen }: Life, asked: boolean): Exit {
  const uptime = since === null ? 0 : Math.max(0, Math.round(performance.now() - since));
  return { code: null, signal: null, cause: GONE, uptime, adopted: false, asked, lastLines: [], seen };
}
