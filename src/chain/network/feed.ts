import { createHistory } from '../events/history.ts';
import type { NetworkFeed, NetworkOptions } from '../network.ts';
import type { Tuning } from '../tuning.ts';
import { createAlarms } from './alarms.ts';
import { createAnnouncer } from './announcer.ts';
import { createGenesis } from './genesis.ts';
import { createReadings } from './readings.ts';
import { goRound } from './rounds.ts';
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
  const genesis = createGenesis(options.genesis, options.rememberGenesis);
  const history = createHistory(options, tuning, signal);
  const readings = createReadings({
    floor: options.floor,
    hasOthers: endpoints.length > 1,
    tuning,
    alarms,
    standing,
    announcer,
    history,
  });
  const visits = createVisits({ network, tuning, log, alarms, standing, announcer, genesis, readings }, signal);
  announcer.watch(options.sources);

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
    watch: (sources) => {
      announcer.watch(sources);
      visits.again();
    },
    state: () => standing.state(alarms.current()),
    stop: async () => {
      stopped.abort();
      await Promise.all([rounds, history.ended()]);
    },
  };
}

/** Nobody is told anything after the stop, whatever is still on its way. */
function silentAfter(options: NetworkOptions, signal: AbortSignal): NetworkOptions {
  const { decoded } = options;
  return {
    ...options,
    announced: (client, announcement) => void (signal.aborted || options.announced(client, announcement)),
    trouble: (client, error) => void (signal.aborted || options.trouble(client, error)),
    changed: () => void (signal.aborted || options.changed()),
    ...(decoded && { decoded: (client, events, block) => void (signal.aborted || decoded(client, events, block)) }),
  };
}
