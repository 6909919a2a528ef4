import { foldersOf } from '../../daemon/folders.ts';
import { printableJson } from '../../errors.ts';
import { openHistory } from '../../store/history.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { matching } from '../pick.ts';
import { type HistoryLine, historyLine } from '../print/history.ts';
import { paintFor } from '../print/paint.ts';
import { type AskAsReader, orAsReader } from '../reader.ts';

interface Options {
  readonly json: boolean;
  readonly limit?: number;
}

/** What happened to all instances that ever were here, oldest first. From disk: no daemon need run, but for members of `control.group`. */
export async function history([place]: string[], { json, limit }: Options, context: Context): Promise<number> {
  const all = await orAsReader(
    context,
    () => fromDisk(context, place, limit),
    (ask) => fromDaemon(ask, place, limit),
  );
  const lines = merged(all).slice(limit === undefined ? 0 : -limit);
  const paint = paintFor(process.stdout);
  const words = lines.map((line) => (json ? printableJson(line) : historyLine(line, paint)));
  if (words.length > 0) context.say(words.join('\n'));
  else if (!json) context.remark('Nothing has happened here yet.');
  return 0;
}

async function fromDisk(context: Context, place: string | undefined, limit: number | undefined) {
  const { home } = await locate(context);
  const folders = matching(await foldersOf(home), place);
  const asked = limit === undefined ? {} : { limit };
  const read = folders.map(({ network, client }) => openHistory(home.instance(network, client).history).read(asked));
  return (await Promise.all(read)) as HistoryLine[][];
}

async function fromDaemon(ask: AskAsReader, place: string | undefined, limit: number | undefined) {
  const words = limit === undefined ? '' : `?limit=${limit}`;
  const { clients } = await ask<{ clients: readonly OfClient[] }>(`/v1/history${words}`);
  return matching(clients, place).map(({ lines }) => lines);
}

interface OfClient {
  readonly network: string;
  readonly client: string;
  readonly lines: readonly HistoryLine[];
}

/** By time; what happened at once stays in the order in which it was written. */
function merged(all: readonly (readonly HistoryLine[])[]): readonly HistoryLine[] {
  return all.flat().sort((a, b) => (a.at === b.at ? 0 : String(a.at) < String(b.at) ? -1 : 1));
}
