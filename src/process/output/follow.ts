import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { turnOver } from './turn-over.ts';

export interface Follower {
  /** Where it began, in bytes. */
  readonly from: number;
  /** Reads on to the present end, and leaves. */
  close(): Promise<void>;
}

export interface FollowRequest {
  readonly path: string;
  readonly cap: number;
  readonly log: Log;
  /** What is opened, where that is another name of the file. */
  readonly source?: string;
  /** Where to begin, in bytes; absent, or beyond its end: at its present end, or at its beginning. */
  readonly from?: number | undefined;
  onBytes(bytes: Buffer): void;
}

/** A client may write a line for every block or a thousand a second: asked for its size, the file costs the same. */
const EVERY: Millis = 200;

/** One that would be beyond its cap before the next look is looked at this soon. */
const SOON: Millis = 5;
const BUFFER = 64 * 1024;

/** Read at one look; more waits for the next one, as others wait for us. */
const MOST = 4 * 1024 * 1024;

const NEW_LINE = Buffer.from('\n');

/**
 * Hands on what is appended to a file, and turns it over at its cap. A file that was cut by somebody else is read from its new beginning.
 * One that cannot be read is not followed: that is told once, and disturbs nobody.
 */
export function follow(request: FollowRequest): Follower {
  const { path, log, source = path } = request;
  try {
    return followDescriptor(request, openSync(source, 'r+'));
  } catch (thrown) {
    log.warn({ path, reason: sentenceOf(thrown) }, "the client's log cannot be followed");
    return { from: 0, close: async () => {} };
  }
}

function followDescriptor({ path, cap, log, from, onBytes }: FollowRequest, fd: number): Follower {
  const buffer = Buffer.allocUnsafe(BUFFER);
  const present = fstatSync(fd).size;
  const begin = from === undefined ? present : from > present ? 0 : from;
  let offset = begin;
  let turning: Promise<void> | null = null;

  // In our own thread: the new bytes of a local file are there sooner than another thread could be asked, and a switch of clients waits for them.
  const readOn = (most: number): boolean => {
    const { size } = fstatSync(fd);
    if (size < offset) offset = 0;
    if (size >= cap && size - offset > most) skipTo(size - BUFFER);
    const end = Math.min(size, offset + most);
    while (offset < end) {
      const read = readSync(fd, buffer, 0, Math.min(BUFFER, end - offset), offset);
      if (read === 0) break;
      offset += read;
      onBytes(buffer.subarray(0, read));
    }
    return size >= cap && offset === size;
  };

  // A client that writes faster than it is read must neither fill the disk nor keep us from the others.
  const skipTo = (to: number): void => {
    log.warn(
      { path, bytes: to - offset },
      'the client writes faster than its log is read: what it said meanwhile was not looked at',
    );
    offset = to;
    onBytes(NEW_LINE);
  };

  const look = (): void => {
    const before = offset;
    if (turning === null && guarded(() => readOn(MOST))) {
      turning = turnOver({ fd, path, from: offset, cap, onBytes })
        .catch(warn)
        .then(() => {
          offset = 0;
          turning = null;
        });
    }
    const isHasty = offset + (EVERY / lookedAfter) * (offset - before) >= cap;
    lookedAfter = isHasty ? SOON : EVERY;
    timer = setTimeout(look, lookedAfter);
  };

  const guarded = (act: () => boolean): boolean => {
    try {
      return act();
    } catch (thrown) {
      warn(thrown);
      return false;
    }
  };

  let warned = false;
  const warn = (thrown: unknown): void => {
    if (!warned) log.warn({ path, reason: sentenceOf(thrown) }, "the client's log cannot be followed or turned over");
    warned = true;
  };

  let lookedAfter = EVERY;
  let timer = setTimeout(look, EVERY);
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    await turning;
    guarded(() => readOn(Math.max(cap, MOST)));
    closeSync(fd);
  };
  return { from: begin, close };
}
