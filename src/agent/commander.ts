import type { Socket } from 'node:net';
import { printable } from '../errors.ts';
import type { Log } from '../log.ts';
import { createLines, type Lines } from './lines.ts';
import { type FromAgent, type FromDaemon, fromDaemon, PROTOCOL } from './protocol.ts';

/** How long a connection may say nothing before it says who it is (ms). */
const HELLO = 5_000;

/** Who may command: one daemon at a time, as long as its connection lives. */
export interface Commander {
  /** A connection came. */
  take(socket: Socket): void;
  /** To whoever commands now; to nobody, if nobody does. */
  tell(message: FromAgent): void;
  /** Lets everybody go who is connected. */
  end(): void;
}

export interface Commanded {
  readonly version: string;
  /** What is told to who comes. */
  hello(): Extract<FromAgent, { type: 'hello' }>;
  heard(message: Command): void;
  /** The daemon that commanded has gone. */
  gone(): void;
  readonly log: Log;
}

export type Command = Exclude<FromDaemon, { type: 'hello' }>;

interface Present {
  readonly who: string;
  readonly lines: Lines<FromAgent>;
}

/** A second daemon is told who commands, and may come again: it is never let in beside the first. */
export function createCommander(on: Commanded): Commander {
  let present: Present | null = null;
  const all = new Set<Lines<FromAgent>>();

  function take(socket: Socket): void {
    let isKnown = false;
    const patience = setTimeout(() => socket.destroy(), HELLO);
    const onFault = (message: string): void => {
      on.log.warn({ reason: message }, 'what came on the socket is none of the protocol; the connection is ended');
      lines.send({ type: 'fault', message });
    };
    const lines = createLines<FromDaemon, FromAgent>(
      socket,
      fromDaemon,
      (message) => {
        if (message.type !== 'hello') {
          if (present?.lines === lines) on.heard(message);
          else refuse('a command before its hello');
          return;
        }
        clearTimeout(patience);
        if (isKnown) refuse('a second hello');
        else greet(message);
        isKnown = true;
      },
      onFault,
    );
    const refuse = (words: string): void => {
      onFault(words);
      lines.end();
    };
    const greet = ({ protocol, role, who, version }: Extract<FromDaemon, { type: 'hello' }>): void => {
      if (protocol !== PROTOCOL)
        refuse(
          `the daemon (${printable(version)}) speaks protocol ${protocol}, and this agent (${on.version}) ${PROTOCOL}: run both from one version`,
        );
      else if (role === 'look') {
        lines.send(on.hello());
        lines.end();
      } else if (present !== null) {
        lines.send({ type: 'busy', who: present.who });
        lines.end();
      } else {
        present = { who, lines };
        lines.send(on.hello());
        on.log.info({ who: printable(who) }, 'a daemon commands this agent');
      }
    };
    all.add(lines);
    void lines.closed.then((reason) => {
      clearTimeout(patience);
      all.delete(lines);
      if (present?.lines !== lines) return;
      present = null;
      on.log.info(
        reason === null ? {} : { reason },
        'the daemon has gone; the client goes on, and the agent waits for a daemon',
      );
      on.gone();
    });
  }

  return {
    take,
    tell: (message) => present?.lines.send(message),
    end() {
      for (const lines of all) lines.end();
    },
  };
}
