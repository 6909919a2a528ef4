import type { Millis } from '../core/release.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Datagram, sendBy } from './send.ts';

/** The service manager that started us and wants to be told how we are (sd_notify(3)). */
export interface Manager {
  /** Within what it must hear of us again and again, or it ends us; `null`: it does not watch (sd_watchdog_enabled(3)). */
  readonly watchdog: Millis | null;
  /**
   * Says `NAME=text`, several in one message, after what was said before. Never throws.
   * @returns whether it was heard
   */
  tell(...fields: readonly string[]): Promise<boolean>;
}

/**
 * Takes what the manager left in our environment *out of it*: neither a client nor a helper of ours may speak to it in our name. `null`: nobody listens.
 * @param env ours
 */
export function takeManager(env: NodeJS.ProcessEnv, log: Log, pid = process.pid): Manager | null {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: watched } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!socket) return null;
  const isOurs = watched === undefined || watched === String(pid);
  const watchdog = isOurs && Number(usec) > 0 ? Number(usec) / 1_000 : null;
  return { watchdog, tell: inTurn(sendBy(socket, env['PATH']), log) };
}

/** What is said in an order is heard in it. */
function inTurn(send: Datagram, log: Log): Manager['tell'] {
  let turn: Promise<unknown> = Promise.resolve();
  let isDeaf = false;
  const tell = async (fields: readonly string[]): Promise<boolean> => {
    try {
      await send(fields.map(oneField));
      if (isDeaf) log.info({}, 'the service manager can be told of us again');
      isDeaf = false;
      return true;
    } catch (error) {
      if (!isDeaf)
        log.error(
          {
            reason: sentenceOf(error),
            next: 'See that systemd-notify (package systemd) is in PATH, and that the unit says NotifyAccess=all.',
          },
          'the service manager cannot be told of us: it may take us for dead',
        );
      isDeaf = true;
      return false;
    }
  };
  return (...fields) => {
    const told = turn.then(() => tell(fields));
    turn = told;
    return told;
  };
}

/** A line end would begin another field: what a client or a server wrote must not speak for us. */
const oneField = (field: string): string => field.replace(/[\s\0]+/g, ' ').slice(0, 500);
