import { type Trial, type Tried, tryReceivers } from '../../daemon/notify/trial.ts';
import { exitStatuses } from '../../errors.ts';
import { homeAt } from '../../layout.ts';
import { readArgsFile } from '../args-file.ts';
import { ask } from '../client.ts';
import type { Context } from '../context.ts';

interface Options {
  readonly severity: Tried['severity'];
  readonly receiver?: string;
  readonly json: boolean;
}

/** By the daemon, whose user and environment count; without one, from here. */
export async function test(_words: string[], options: Options, context: Context): Promise<number> {
  const tried: Tried = { severity: options.severity, receiver: options.receiver ?? null };
  const { config } = await readArgsFile(context.file);
  const asked = await ask<{ results: readonly Trial[] }>(homeAt(config.home), {
    method: 'POST',
    path: '/v1/notify-test',
    body: tried,
  });
  if (asked === null && !options.json)
    context.remark('No daemon runs: sent from here, as this user and with this environment.');
  const results = asked?.results ?? (await tryReceivers(config.notify, config.allowInsecure, tried));
  if (options.json) context.json({ results });
  else for (const line of linesOf(results)) context.say(line);
  return results.some(({ result }) => result === 'failed' || result === 'refused') ? exitStatuses.network : 0;
}

const said = { delivered: 'delivered', failed: 'FAILED', refused: 'REFUSED', notTold: 'not told' } as const;

function linesOf(results: readonly Trial[]): readonly string[] {
  const width = Math.max(...results.map(({ receiver }) => receiver.length));
  return results.map(
    ({ receiver, kind, result, words }) =>
      `${receiver.padEnd(width)}  ${kind.padEnd(9)}  ${said[result].padEnd(9)}  ${words}`,
  );
}
