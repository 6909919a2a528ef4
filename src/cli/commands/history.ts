import { foldersOf } from '../../daemon/folders.ts';
import { printableJson } from '../../errors.ts';
import type { HistoryLine } from '../../observe/story/line.ts';
import { storyOf } from '../../observe/story/story.ts';
import { openHistory } from '../../store/history.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { matching } from '../pick.ts';
import { historyLine } from '../print/history.ts';
import { paintFor } from '../print/paint.ts';
import { chapterText } from '../print/story.ts';
import { widthOf } from '../print/wrap.ts';
import { type AsReader, orAsReader } from '../reader.ts';

interface Options {
  readonly json: boolean;
  readonly events: boolean;
  readonly limit?: number;
}

/** What happened to all instances that ever were here, oldest first. From disk: no daemon need run, but for members of `control.group`. */
export async function history([place]: string[], options: Options, context: Context): Promise<number> {
  const { json, events, limit } = options;
  // all of the lines are read for a story: where an update began is not known before
  const most = json || events ? limit : undefined;
  const all = await orAsReader(
    context,
    () => fromDisk(context, place, most),
    ({ ask }) => fromDaemon(ask, place, most),
  );
  const words = json || events ? eachEvent(merged(all), options) : asStory(merged(all), limit);
  if (words.length > 0) context.say(words.join('\n'));
  else if (!json) context.remark('Nothing has happened here yet.');
  return 0;
}

function eachEvent(lines: readonly HistoryLine[], { json, limit }: Options): readonly string[] {
  const paint = paintFor(process.stdout);
  const newest = lines.slice(limit === undefined ? 0 : -limit);
  return newest.map((line) => (json ? printableJson(line) : historyLine(line, paint)));
}

function asStory(lines: readonly HistoryLine[], limit: number | undefined): readonly string[] {
  const chapters = storyOf(lines);
  const newest = [...chapters].sort((a, b) => (a.ended < b.ended ? -1 : 1)).slice(limit === undefined ? 0 : -limit);
  const [paint, width] = [paintFor(process.stdout), widthOf(process.stdout)];
  return chapters.filter((one) => newest.includes(one)).map((one) => chapterText(one, paint, width));
}

async function fromDisk(context: Context, place: string | undefined, limit: number | undefined) {
  const { home } = await locate(context);
  const folders = matching(await foldersOf(home), place);
  const asked = limit === undefined ? {} : { limit };
  const read = folders.map(({ network, client }) => openHistory(home.instance(network, client).history).read(asked));
  return (await Promise.all(read)) as HistoryLine[][];
}

async function fromDaemon(ask: AsReader['ask'], place: string | undefined, limit: number | undefined) {
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
