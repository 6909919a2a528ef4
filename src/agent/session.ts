import { lstatSync } from 'node:fs';
import { createConnection } from 'node:net';
import { sentenceOf, systemCode, VisorError } from '../errors.ts';
import { createLines } from './lines.ts';
import { requireOwnFolder } from './place.ts';
import { type FromAgent, type FromDaemon, fromAgent, PROTOCOL } from './protocol.ts';
import { type AgentState, after, nothing } from './state.ts';

/** A connection to an agent on which this daemon commands. */
export interface Session {
  /** Another one after each start of the agent. */
  readonly agent: string;
  readonly version: string;
  state(): AgentState;
  send(message: FromDaemon): void;
  isOpen(): boolean;
  /** Resolves at the next news, when the connection ends, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** The agent and its client go on. */
  close(): void;
}

/** Why there is no session. `nobody`: no process serves the socket, so that no client of such a process is looked after. */
export interface NoSession {
  readonly why: 'nobody' | 'busy' | 'other';
  readonly words: string;
}

/** How long an agent may take for its first word (ms): it may be suspended, and then its client may run. */
const HELLO = 5_000;

export interface Who {
  readonly version: string;
  /** The daemon, as another one is told of it. */
  readonly who: string;
  readonly role: 'command' | 'look';
}

/** Connects to the agent that serves this socket, or says why not. Never throws but for an abort. */
export async function dial(socket: string, who: Who, signal: AbortSignal): Promise<Session | NoSession> {
  try {
    if (lstatSync(socket, { throwIfNoEntry: false }) === undefined) return nobody(socket);
    requireOwnFolder(socket);
  } catch (thrown) {
    const next = thrown instanceof VisorError ? ` ${thrown.next}` : '';
    return { why: 'other', words: `${sentenceOf(thrown)}.${next}` };
  }
  const connection = createConnection(socket);
  return new Promise((resolve, reject) => {
    let state = nothing;
    let isOpen = true;
    let waiting = new Set<() => void>();
    let refusal: NoSession | null = null;
    const wake = (): void => {
      const told = waiting;
      waiting = new Set();
      for (const tell of told) tell();
    };
    const settle = (answer: Session | NoSession): void => {
      clearTimeout(patience);
      signal.removeEventListener('abort', giveUp);
      resolve(answer);
    };
    const giveUp = (): void => {
      connection.destroy();
      reject(signal.reason);
    };
    const patience = setTimeout(() => {
      refusal ??= { why: 'other', words: `the agent at ${socket} does not answer` };
      connection.destroy();
    }, HELLO);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    let refusedWith: string | null = null;
    connection.once('error', (error) => {
      refusedWith = systemCode(error);
    });
    const lines = createLines<FromAgent, FromDaemon>(connection, fromAgent, (message) => {
      if (message.type === 'busy') {
        refusal = { why: 'busy', words: `another daemon commands the agent at ${socket}: ${message.who}` };
        return;
      }
      if (message.type === 'fault') {
        refusal = { why: 'other', words: `the agent at ${socket} did not understand: ${message.message}` };
        return;
      }
      if (message.type === 'hello') {
        if (message.protocol !== PROTOCOL) {
          refusal = {
            why: 'other',
            words: `the agent at ${socket} (${message.version}) speaks protocol ${message.protocol}, and this daemon ${PROTOCOL}: run both from one version`,
          };
          return lines.end();
        }
        state = { ...nothing, running: message.running, ended: message.ended };
        return settle(session(message.agent, message.version));
      }
      state = after(state, message);
      wake();
    });
    const session = (agent: string, version: string): Session => ({
      agent,
      version,
      state: () => state,
      send(message) {
        if (message.type === 'heard' && state.ended?.id === message.id) state = { ...state, ended: null };
        lines.send(message);
      },
      isOpen: () => isOpen,
      close: () => lines.end(),
      changed: (until) =>
        new Promise((tell) => {
          if (until.aborted || !isOpen) return tell();
          const leave = (): void => {
            waiting.delete(done);
            tell();
          };
          const done = (): void => {
            until.removeEventListener('abort', leave);
            tell();
          };
          until.addEventListener('abort', leave, { once: true });
          waiting.add(done);
        }),
    });
    void lines.closed.then((reason) => {
      isOpen = false;
      const isNobody = refusedWith === 'ECONNREFUSED' || refusedWith === 'ENOENT';
      settle(
        refusal ??
          (isNobody
            ? nobody(socket)
            : { why: 'other', words: `the agent at ${socket} hung up${reason === null ? '' : `: ${reason}`}` }),
      );
      wake();
    });
    lines.send({ type: 'hello', protocol: PROTOCOL, ...who });
  });
}

const nobody = (socket: string): NoSession => ({ why: 'nobody', words: `no agent answers at ${socket}` });
