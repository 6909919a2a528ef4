import { callOf } from '../events/call.ts';
import { createHistory } from '../events/history.ts';
import type { NetworkFeed, NetworkOptions } from '../network.ts';
import type { Tuning } from '../tuning.ts';
import { createAlarms } from './alarms.ts';
import { createAnnouncer } from './announcer.ts';
import { findSigned } from './find-signed.ts';
import { createGenesis } from './genesis.ts';
import { newestOf, paceOf } from './pace.ts';
import { createReadings } from './readings.ts';
import { goRound } from './rounds.ts';
import { createSightings } from './sightings.ts';
import { createStanding } from './standing.ts';
import { createVisits } from './visit.ts';

/** Wires the parts of one network; decides nothing. */
export function createFeed(wanted: NetworkOptions, tuning: Tuning): NetworkFeed {
  const stopped = new AbortController();
  const { signal } = stopped;
  const options = silentAfter(wanted, signal);
  const { network, endpoints, log } = options;

  const standing = createStanding(endpoints, options.genesis, options.changed);
  const alarms = createAlarms((error) => {
    options.trouble(null, error);
    options.changed();
  });
  const announcer = createAnnouncer(network, options);
  const sightings = createSightings((client, sighting) => options.seen?.(client, sighting), log);
  const genesis = createGenesis(options.genesis, options.rememberGenesis);
  const history = createHistory(options, tuning, signal);
  const readings = createReadings({
    floor: options.floor,
    hasOthers: endpoints.length > 1,
    tuning,
    alarms,
    standing,
    announcer,
    sightings,
    history,
  });
  const visits = createVisits(
    { network, tuning, log, alarms, standing, announcer, sightings, genesis, readings },
    signal,
  );
  announcer.watch(options.sources);
  sightings.watch(options.accounts ?? new Map());

  const rounds = goRound(
    {
      endpoints,
      backoff: tuning.backoff,
      visit: visits.visit,
      hopeless: (reason) => {
        alarms.raise('unreadable', reason);
        standing.unreadable();
      },
    },
    signal,
  );

  return {
    watch: (sources, accounts = new Map()) => {
      announcer.watch(sources);
      sightings.watch(accounts);
      visits.again();
    },
    state: () => standing.state(alarms.current()),
    ask: {
      newest: async () => newestOf(visits.present().session),
      pace: async (number) => paceOf(visits.present().session, number),
      signed: async (rise) => {
        const { session, endpoint } = visits.present();
        const signed = await findSigned(session, rise);
        return { ...signed, call: await callOf(endpoint, signed, tuning, signal) };
      },
    },
    stop: async () => {
      stopped.abort();
      await Promise.all([rounds, history.ended()]);
    },
  };
}

/** Nobody is told anything after the stop, whatever is still on its way. */
function silentAfter(options: NetworkOptions, signal: AbortSignal): NetworkOptions {
  const { decoded, seen } = options;
  return {
    ...options,
    announced: (client, announcement) => void (signal.aborted || options.announced(client, announcement)),
    trouble: (client, error) => void (signal.aborted || options.trouble(client, error)),
    changed: () => void (signal.aborted || options.changed()),
    ...(seen && { seen: (client, sighting) => void (signal.aborted || seen(client, sighting)) }),
    ...(decoded && { decoded: (client, events, block) => void (signal.aborted || decoded(client, events, block)) }),
  };
}
