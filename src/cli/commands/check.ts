import { exitStatuses } from '../../errors.ts';
import { readArgsFile } from '../args-file.ts';
import type { Expectation } from '../check/expect.ts';
import { readCheck } from '../check/read-check.ts';
import type { Context } from '../context.ts';
import { checkPage } from '../print/check.ts';
import { paintFor } from '../print/paint.ts';
import { widthOf } from '../print/wrap.ts';
import { withProgress } from '../progress.ts';
import { ofPlace, orAsReader } from '../reader.ts';

/** What the present file would lead to. It reads sources and disk, and does nothing; exit 69 where a source cannot be read. */
export async function check([place]: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const found = await withProgress('the sources', () =>
    orAsReader<readonly Expectation[]>(
      context,
      async () => readCheck((await readArgsFile(context.file)).config, place, await context.openLog('error')),
      async ({ ask }) => (await ask<{ instances: readonly Expectation[] }>(`/v1/check${ofPlace(place)}`)).instances,
    ),
  );
  if (json) context.json({ instances: found });
  else context.say(checkPage(found, paintFor(process.stdout), widthOf(process.stdout)));
  return found.every(({ source }) => source.trouble === null) ? 0 : exitStatuses.network;
}
