import { redactValue } from '../../config/redact.ts';
import type { Config } from '../../config/settings.ts';
import { homeAt } from '../../layout.ts';
import type { Log } from '../../log.ts';
import { matching } from '../pick.ts';
import { type Expectation, expectation } from './expect.ts';
import { readSources } from './sources.ts';

/** Milliseconds for all sources together. */
const PATIENCE = 60_000;

/** What this file would lead to, for the clients of `place`. It reads sources and disk, and does nothing. */
export async function readCheck(config: Config, place: string | undefined, log: Log): Promise<readonly Expectation[]> {
  const clients = matching(
    config.networks.flatMap((network) => network.clients),
    place,
  );
  const home = homeAt(config.home);
  const readings = await readSources(config, clients, { home, log, signal: AbortSignal.timeout(PATIENCE) });
  const found = await Promise.all(readings.map((reading) => expectation(reading, home)));
  return redactValue(found) as readonly Expectation[];
}
