import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { printable, sentenceOf } from '../errors.ts';
import { makeFoldersSync } from '../folders.ts';
import type { Log } from '../log.ts';
import { type FollowRequest, follow } from './output/follow.ts';
import { createLineReader } from './output/line-reader.ts';

/** Of a client's output in one file (bytes), whoever runs it. */
export const LOG_CAP = 16 * 2 ** 20;

/** What the client of one start writes. It goes into a file, never into a pipe that ends in us: the client must outlive us undisturbed. */
export interface OutputFile extends Output {
  /** For the client's stdout and stderr: append-only. */
  readonly fd: number;
  /** Closes our copy of the descriptor, once the client has its own. */
  handedOver(): void;
}

/** The same as it is read. */
export interface Output {
  /** Where its lines begin in the file, in bytes. */
  readonly from: number;
  /** What is looked for in every line of this start. */
  readonly texts: readonly string[];
  /** Whether a line of this start contains the text; it is one of those asked for. */
  seen(text: string): boolean;
  readonly allSeen: ReadonlySet<string>;
  /** The newest last, cut to a readable length, safe to print. */
  lastLines(): readonly string[];
  /** Reads what was written until now and stops following. */
  close(): Promise<void>;
}

export interface OutputRequest {
  readonly path: string;
  /** The file is turned over when it has this many bytes; three older ones are kept beside it. */
  readonly cap: number;
  readonly texts: readonly string[];
  readonly log: Log;
  /** Told of all that is read, as it was written; it must not keep the bytes. */
  passOn?(bytes: Buffer): void;
}

/** Where to begin; `isWhole`: there its lines begin. */
export type Begin = Pick<FollowRequest, 'source' | 'from'> & { readonly isWhole?: boolean };

const KEPT_LINES = 50;
const KEPT_LENGTH = 1_000;

export function openOutput(request: OutputRequest): OutputFile {
  const fd = openForAppending(request.path, request.log);
  const output = readOutput(request);
  let open = true;
  const handedOver = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  const close = (): Promise<void> => {
    handedOver();
    return output.close();
  };
  return { ...output, fd, handedOver, close };
}

/** What a client says that has its descriptor already: from now on, or from where its lines begin. */
export function readOutput(request: OutputRequest & Begin): Output {
  const { texts, isWhole = true } = request;
  const seen = new Set<string>();
  const last: string[] = [];
  const reader = createLineReader((raw) => {
    const line = raw.includes('\x1b') ? stripVTControlCharacters(raw) : raw;
    for (const text of texts) if (line.includes(text)) seen.add(text);
    last.push(line.slice(0, KEPT_LENGTH));
    if (last.length > KEPT_LINES) last.shift();
  });
  const onBytes = (bytes: Buffer): void => {
    reader.feed(bytes);
    request.passOn?.(bytes);
  };
  const follower = follow({ ...request, onBytes });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= follower.close().then(reader.end);
    return closed;
  };
  const lastLines = () => last.map(printable);
  return {
    from: follower.from,
    texts: isWhole ? texts : [],
    seen: (text) => seen.has(text),
    allSeen: seen,
    lastLines,
    close,
  };
}

/** A client without a log is better than no client. */
function openForAppending(path: string, log: Log): number {
  try {
    makeFoldersSync(dirname(path), 0o700);
    return openSync(path, 'a', 0o600);
  } catch (thrown) {
    log.error({ path, reason: sentenceOf(thrown) }, "the client's log cannot be written: what it says is lost");
    return openSync('/dev/null', 'a');
  }
}
