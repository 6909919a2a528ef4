import { exitStatuses } from '../../errors.ts';
import { homeAt } from '../../layout.ts';
import { readArgsFile } from '../args-file.ts';
import { expectation } from '../check/expect.ts';
import { readSources } from '../check/sources.ts';
import type { Context } from '../context.ts';
import { matching } from '../pick.ts';
import { checkPage } from '../print/check.ts';
import { paintFor } from '../print/paint.ts';
import { withProgress } from '../progress.ts';

/** Milliseconds for all sources together. */
const PATIENCE = 60_000;

/** What the present file would lead to. It reads sources and disk, and does nothing; exit 69 where a source cannot be read. */
export async function check([place]: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const { config } = await readArgsFile(context.file);
  const clients = matching(
    config.networks.flatMap((network) => network.clients),
    place,
  );
  const home = homeAt(config.home);
  const log = await context.openLog('error');
  const readings = await withProgress('the sources', () =>
    readSources(config, clients, { home, log, signal: AbortSignal.timeout(PATIENCE) }),
  );
  const found = await Promise.all(readings.map((reading) => expectation(reading, home)));
  if (json) context.json({ instances: found });
  else context.say(checkPage(found, paintFor(process.stdout)));
  return found.every(({ source }) => source.trouble === null) ? 0 : exitStatuses.network;
}
