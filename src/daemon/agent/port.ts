import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { dial, type NoSession, type Session } from '../../agent/session.ts';

/** How soon it is tried again (ms): a container that starts is there in a moment, another daemon is not gone so soon. */
const AGAIN = { nobody: 300, busy: 2_000, other: 2_000 } as const;

/** The way of one instance to its agent: one connection, kept as long as the instance lives, since who has it commands. */
export interface AgentPort {
  /** The connection, waited for while there is none. `blocked` is told why, and `null` when there is one. @throws the signal's reason */
  session(socket: string, signal: AbortSignal, blocked: (words: string | null) => void): Promise<Session>;
  /** One attempt. */
  once(socket: string, signal: AbortSignal): Promise<Session | NoSession>;
  /** The agent and its client go on. */
  close(): void;
}

export function createAgentPort(version: string, home: string): AgentPort {
  const who = `vaultvisor ${version}, pid ${process.pid} on ${hostname()}, home ${home}`;
  let present: { readonly socket: string; readonly session: Session } | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  /** Two attempts of our own would find each other. */
  function once(socket: string, signal: AbortSignal): Promise<Session | NoSession> {
    const attempt = turn.then(async () => {
      if (present?.socket === socket && present.session.isOpen()) return present.session;
      const found = await dial(socket, { version, who, role: 'command' }, signal);
      if ('send' in found) {
        present?.session.close();
        present = { socket, session: found };
      }
      return found;
    });
    turn = attempt.catch(() => {});
    return attempt;
  }

  return {
    once,
    async session(socket, signal, blocked) {
      for (;;) {
        signal.throwIfAborted();
        const found = await once(socket, signal);
        if ('send' in found) {
          blocked(null);
          return found;
        }
        blocked(found.words);
        await pause(AGAIN[found.why], undefined, { signal });
      }
    },
    close() {
      present?.session.close();
      present = null;
    },
  };
}
