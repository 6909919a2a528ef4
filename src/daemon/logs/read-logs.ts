import { setTimeout as pause } from 'node:timers/promises';
import type { Millis } from '../../core/release.ts';
import type { Home } from '../../layout.ts';
import { keptFiles } from '../../process/output/kept-files.ts';
import { type FollowRuns, followRuns } from './follow-runs.ts';
import { newest } from './newest.ts';
import { linesOf } from './read-piece.ts';
import { runsIn } from './recorded-runs.ts';
import { lastRun, type Piece, piecesOf, type Run } from './runs.ts';
import { cutSince } from './since.ts';

/** What of the clients' output is asked for. */
export interface Wanted {
  /** Only the newest of each client; `null`: as many as are usual, or all where it goes back. */
  readonly lines: number | null;
  readonly since: Millis | null;
  /** Also of the runs before. */
  readonly past: boolean;
  /** Goes on with what is written. */
  readonly follow: boolean;
}

/** A line of a client, with the run that it is of. */
export interface LogLine {
  readonly network: string;
  readonly client: string;
  /** `null`: one that began before what is kept. */
  readonly run: Run | null;
  /** `null`: this client has written nothing yet. */
  readonly text: string | null;
}

/** Lines of each client where nothing is said. */
const USUAL = 100;

/** Milliseconds between two looks at what is written on. */
const EVERY = 200;

/**
 * What clients wrote, one after the other, each from the oldest line to the newest; then what they write on, until `signal`. Read as it is taken: who takes it
 * slowly holds a piece of 64 KiB, and nothing is read for him meanwhile.
 * @throws what the file system says of a log that cannot be read
 */
export async function* readLogs(
  home: Home,
  clients: readonly { readonly network: string; readonly client: string }[],
  wanted: Wanted,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const followed: { readonly of: Pick<LogLine, 'network' | 'client'>; readonly look: FollowRuns }[] = [];
  for (const { network, client } of clients) {
    const folder = home.instance(network, client);
    const files = keptFiles(folder.log);
    if (files.length === 0 && !wanted.follow) yield { network, client, run: null, text: null };
    for (const piece of await pick(piecesOf(files, await runsIn(folder)), wanted))
      for await (const { text } of linesOf(piece)) yield { network, client, run: piece.run, text };
    const end = files.find(({ path }) => path === folder.log)?.size ?? 0;
    if (wanted.follow) followed.push({ of: { network, client }, look: await followRuns(folder, end) });
  }
  while (followed.length > 0 && !signal.aborted) {
    for (const { of, look } of followed) for await (const line of look()) yield { ...of, ...line };
    await pause(EVERY, undefined, { signal }).catch(() => {});
  }
}

async function pick(pieces: readonly Piece[], { lines, since, past }: Wanted): Promise<readonly Piece[]> {
  const isPast = past || since !== null;
  const all = isPast ? pieces : lastRun(pieces);
  const cut = since === null ? all : await Promise.all(all.map((piece) => cutSince(piece, since)));
  const most = lines ?? (isPast ? null : USUAL);
  return most === null ? cut : newest(cut, most);
}
