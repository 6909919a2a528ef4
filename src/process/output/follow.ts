import { type FileHandle, open } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { turnOver } from './turn-over.ts';

export interface Follower {
  /** Reads on to the present end, and leaves. */
  close(): Promise<void>;
}

export interface FollowRequest {
  readonly path: string;
  readonly cap: number;
  readonly log: Log;
  onBytes(bytes: Buffer): void;
}

/** A client may write a line for every block or a thousand a second: asked for its size, the file costs the same. */
const EVERY = 200;
const BUFFER = 256 * 1024;

/**
 * Hands on what is appended to a file from now on, and turns it over at its cap. A file that was cut by somebody else is read from its new beginning.
 * One that cannot be read is not followed: that is told once, and disturbs nobody.
 */
export async function follow({ path, cap, log, onBytes }: FollowRequest): Promise<Follower> {
  const file = await openQuietly(path, log);
  if (file === null) return { close: async () => {} };
  const buffer = Buffer.allocUnsafe(BUFFER);
  let offset = (await file.stat()).size;
  let round: Promise<void> = Promise.resolve();
  let broken = false;

  const readOn = async (): Promise<void> => {
    const { size } = await file.stat();
    if (size < offset) offset = 0;
    while (offset < size) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(BUFFER, size - offset), offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      onBytes(buffer.subarray(0, bytesRead));
    }
    if (size < cap) return;
    await turnOver({ file, path, from: offset, onBytes });
    offset = 0;
  };

  const look = (): Promise<void> => {
    round = round.then(readOn).catch((thrown: unknown) => {
      if (!broken) log.warn({ path, reason: sentenceOf(thrown) }, "the client's log cannot be followed");
      broken = true;
    });
    return round;
  };

  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void look().then(() => {
      busy = false;
    });
  }, EVERY);
  return {
    close: async () => {
      clearInterval(timer);
      await look();
      await file.close();
    },
  };
}

async function openQuietly(path: string, log: Log): Promise<FileHandle | null> {
  try {
    return await open(path, 'r+');
  } catch (thrown) {
    log.warn({ path, reason: sentenceOf(thrown) }, "the client's log cannot be followed");
    return null;
  }
}
