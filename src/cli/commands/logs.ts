import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { foldersOf } from '../../daemon/folders.ts';
import { VisorError } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { HistoryLine } from '../../observe/story/line.ts';
import { keptFiles } from '../../process/output/kept-files.ts';
import { openHistory } from '../../store/history.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { collect, type LogLine } from '../logs/collect.ts';
import { followLog } from '../logs/follow-log.ts';
import { lastRun, piecesOf, type Run, runsOf } from '../logs/runs.ts';
import { momentOf } from '../logs/since.ts';
import { matching, nameOf, type Placed } from '../pick.ts';
import { runWords } from '../print/log.ts';
import { paintFor } from '../print/paint.ts';
import { type AskAsReader, orAsReader } from '../reader.ts';

interface Options {
  readonly follow: boolean;
  readonly lines?: number;
  readonly since?: string;
  readonly past: boolean;
  readonly json: boolean;
}

/** Lines of each client where nothing is said. */
const USUAL = 100;

/** Milliseconds between two looks of `--follow`. */
const EVERY = 200;

/** What the clients wrote. From disk: no daemon need run, but for members of `control.group`. */
export function logs([place]: string[], options: Options, context: Context): Promise<number> {
  return orAsReader(
    context,
    () => fromDisk(place, options, context),
    (ask) => fromDaemon(place, options, context, ask),
  );
}

/** The last lines, as they are: runs and what is older lie on a disk that is closed to us. */
async function fromDaemon(place: string | undefined, options: Options, context: Context, ask: AskAsReader) {
  if (options.follow || options.past || options.since !== undefined)
    throw new VisorError(
      'permission',
      'Members of control.group see the last lines only',
      'Leave out --follow, --past and --since, or ask as the user of the daemon.',
    );
  const { clients } = await ask<{ clients: readonly (Placed & { readonly lines: readonly string[] })[] }>(
    `/v1/log?limit=${options.lines ?? USUAL}`,
  );
  const wanted = matching(clients, place);
  for (const one of wanted)
    for (const text of one.lines)
      if (options.json)
        context.json({ network: one.network, client: one.client, pid: null, release: null, line: text });
      else context.say(wanted.length > 1 ? `${nameOf(one)} | ${text}` : text);
  return 0;
}

async function fromDisk(place: string | undefined, options: Options, context: Context): Promise<number> {
  const { home } = await locate(context);
  const wanted = matching(await foldersOf(home), place);
  const since = options.since === undefined ? null : momentOf(options.since, Date.now());
  const print = printer(wanted.length > 1, options.json, context);
  const all = wanted.map((one) => ({ one, folder: home.instance(one.network, one.client) }));
  const ends: number[] = [];
  for (const { one, folder } of all) {
    const files = keptFiles(folder.log);
    ends.push(files.find(({ path }) => path === folder.log)?.size ?? 0);
    const pieces = piecesOf(files, await runsIn(folder));
    const most = options.lines ?? (since !== null || options.past ? Number.POSITIVE_INFINITY : USUAL);
    const isPast = options.past || since !== null;
    const lines = await collect(isPast ? pieces : lastRun(pieces), { most, since });
    for (const line of lines) print(one, line);
    if (files.length === 0 && !options.follow) context.remark(`${nameOf(one)} has written nothing yet.`);
  }
  if (options.follow) await Promise.all(all.map((each, index) => goOn(each, ends[index] ?? 0, print)));
  return 0;
}

type Print = (of: Placed, line: LogLine) => void;

/** A line says whose it is where there are several; a run is told before its first line. */
function printer(areSeveral: boolean, isJson: boolean, { say, json }: Context): Print {
  const paint = paintFor(process.stdout);
  const shown = new Map<string, Run | null>();
  return (of, { run, text }) => {
    const { network, client } = of;
    const name = nameOf(of);
    if (isJson) {
      json({ network, client, pid: run?.pid ?? null, release: run?.release ?? null, line: text });
      return;
    }
    if (!shown.has(name) || isAnother(shown.get(name) ?? null, run)) say(paint('dim', `── ${name} ${runWords(run)}`));
    shown.set(name, run);
    say(areSeveral ? `${paint('cyan', `${name} |`)} ${text}` : text);
  };
}

const isAnother = (a: Run | null, b: Run | null): boolean => a?.began !== b?.began || a?.pid !== b?.pid;

/** A run that begins meanwhile is in the history at once; what the one before wrote until then is read first. */
async function goOn(
  { one, folder }: { one: Placed; folder: InstanceFolder },
  from: number,
  print: Print,
): Promise<never> {
  let known = '';
  let run: Run | null = (await runsIn(folder)).at(-1) ?? null;
  const log = followLog(folder.log, from, (text) => print(one, { run, text }));
  for (;;) {
    const present = stampOf(folder.history);
    const newest = present === known ? run : ((await runsIn(folder, NEWEST)).at(-1) ?? run);
    known = present;
    if (isAnother(newest, run)) log.look(newest?.logFrom ?? undefined);
    run = newest;
    log.look();
    await pause(EVERY);
  }
}

/** Events that a start among them is looked for in. */
const NEWEST = 50;

async function runsIn({ history }: InstanceFolder, limit?: number): Promise<readonly Run[]> {
  return runsOf((await openHistory(history).read(limit === undefined ? {} : { limit })) as HistoryLine[]);
}

/** Another one whenever the file is another. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
