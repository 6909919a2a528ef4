import { sentenceOf, VisorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { lost, openSession, type Session } from '../session/session.ts';
import type { Tuning } from '../tuning.ts';
import type { Alarms } from './alarms.ts';
import type { Announcer } from './announcer.ts';
import { attend } from './attend.ts';
import type { Genesis } from './genesis.ts';
import type { Readings } from './readings.ts';
import type { Visited } from './rounds.ts';
import type { Sightings } from './sightings.ts';
import type { Standing } from './standing.ts';

/** One session after the other, each from its connection to its end. */
export interface Visits {
  /** Never rejects. */
  visit(endpoint: string): Promise<Visited>;
  /** Reads the newest head of the present session once more; without a session there is nothing to do. */
  again(): void;
  /** @throws VisorError `network` without a session */
  present(): { readonly session: Session; readonly endpoint: string };
}

export interface VisitsOptions {
  readonly network: string;
  readonly tuning: Tuning;
  readonly log: Log;
  readonly alarms: Alarms;
  readonly standing: Standing;
  readonly announcer: Announcer;
  readonly sightings: Sightings;
  readonly genesis: Genesis;
  readonly readings: Readings;
}

export function createVisits(options: VisitsOptions, signal: AbortSignal): Visits {
  const { network, tuning, log, alarms, standing, announcer, sightings, readings } = options;
  let again: () => void = () => undefined;
  let present: { readonly session: Session; readonly endpoint: string } | null = null;

  const follow = async (endpoint: string, session: Session, answered: () => void): Promise<VisorError> => {
    await prove(session, options);
    standing.connected(endpoint, options.genesis.current());
    announcer.startOver();
    const attended = attend(session, {
      tuning,
      log,
      keys: () => [...announcer.keys(), ...sightings.keys()],
      highest: readings.highest,
      read: (reading) => {
        answered();
        return readings.take(endpoint, reading);
      },
      contradicted: (error) => alarms.raise('finality', error),
      stalled: (error) => {
        standing.stalled();
        alarms.raise('stall', error);
      },
    });
    again = attended.again;
    present = { session, endpoint };
    return await attended.over;
  };

  const visit: Visits['visit'] = async (endpoint) => {
    let answered = false;
    const reason = await within(endpoint, tuning, signal, (session) =>
      follow(endpoint, session, () => {
        answered = true;
      }),
    );
    again = () => undefined;
    present = null;
    const isNews = standing.ended(endpoint, reason);
    if (isNews && !signal.aborted) log.warn({ network }, `${reason.message}. ${reason.next}`);
    return { reason, answered };
  };

  return {
    visit,
    again: () => again(),
    present: () => {
      if (present !== null) return present;
      throw new VisorError('network', `${network} is not connected`, 'It is tried again.');
    },
  };
}

/** Opens a session for the time of some work; what goes wrong is the reason of its end. */
async function within(
  endpoint: string,
  tuning: Tuning,
  signal: AbortSignal,
  work: (session: Session) => Promise<VisorError>,
): Promise<VisorError> {
  try {
    const session = await openSession(endpoint, tuning, signal);
    return await work(session).finally(() => session.end(lost(session.host, 'the session is over')));
  } catch (error) {
    if (error instanceof VisorError) return error;
    return new VisorError('network', sentenceOf(error), 'It is tried again; the client runs on.', { cause: error });
  }
}

async function prove(session: Session, { genesis, alarms }: VisitsOptions): Promise<void> {
  const foreign = await genesis.prove(session);
  if (foreign === null) return;
  alarms.raise('genesis', foreign);
  throw foreign;
}
