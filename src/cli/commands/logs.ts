import { foldersOf } from '../../daemon/folders.ts';
import { type LogLine, readLogs, type Wanted } from '../../daemon/logs/read-logs.ts';
import { isAnother, type Run } from '../../daemon/logs/runs.ts';
import { momentOf } from '../../daemon/logs/since.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { matching, nameOf, type Placed } from '../pick.ts';
import { runWords } from '../print/log.ts';
import { paintFor } from '../print/paint.ts';
import { type AsReader, orAsReader } from '../reader.ts';

interface Options {
  readonly follow: boolean;
  readonly lines?: number;
  readonly since?: string;
  readonly past: boolean;
  readonly json: boolean;
}

/** What the clients wrote. From disk: no daemon need run, but for members of `control.group`. */
export async function logs([place]: string[], options: Options, context: Context): Promise<number> {
  const { follow, lines = null, since, past } = options;
  const wanted = { lines, since: since === undefined ? null : momentOf(since, Date.now()), past, follow };
  const { clients, said } = await orAsReader(
    context,
    () => fromDisk(place, wanted, context),
    (daemon) => fromDaemon(place, wanted, daemon),
  );
  if (clients.length === 0) context.remark('No client has run here yet.');
  const print = printer(clients.length > 1, options.json, context);
  for await (const line of said) print(line);
  return 0;
}

interface Reading {
  readonly clients: readonly Placed[];
  readonly said: AsyncIterable<LogLine>;
}

async function fromDisk(place: string | undefined, wanted: Wanted, context: Context): Promise<Reading> {
  const { home } = await locate(context);
  const clients = matching(await foldersOf(home), place);
  return { clients, said: readLogs(home, clients, wanted, new AbortController().signal) };
}

/** The files belong to the daemon's user: it reads them to us. */
async function fromDaemon(place: string | undefined, wanted: Wanted, { ask, listen }: AsReader): Promise<Reading> {
  const clients = matching((await ask<{ clients: readonly Placed[] }>('/v1/clients')).clients, place);
  const query = new URLSearchParams(clients.map((one): [string, string] => ['place', nameOf(one)]));
  const { lines, since, past, follow } = wanted;
  if (lines !== null) query.set('lines', String(lines));
  if (since !== null) query.set('since', new Date(since).toISOString());
  if (past) query.set('past', 'true');
  if (follow) query.set('follow', 'true');
  return { clients, said: listen<LogLine>(`/v1/logs?${query}`) };
}

/** A line says whose it is where there are several; a run is told before its first line. */
function printer(areSeveral: boolean, isJson: boolean, { say, json, remark }: Context): (line: LogLine) => void {
  const paint = paintFor(process.stdout);
  const shown = new Map<string, Run | null>();
  return ({ network, client, run, text }) => {
    const name = nameOf({ network, client });
    if (text === null) {
      remark(`${name} has written nothing yet.`);
      return;
    }
    if (isJson) {
      json({ network, client, pid: run?.pid ?? null, release: run?.release ?? null, line: text });
      return;
    }
    if (!shown.has(name) || isAnother(shown.get(name) ?? null, run)) say(paint('dim', `── ${name} ${runWords(run)}`));
    shown.set(name, run);
    say(areSeveral ? `${paint('cyan', `${name} |`)} ${text}` : text);
  };
}
