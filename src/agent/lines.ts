import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { ZodType } from 'zod';
import { sentenceOf } from '../errors.ts';
import { LONGEST } from './protocol.ts';

/** One end of a connection on which each line is a message. */
export interface Lines<Out> {
  /** What cannot be sent any more is not: the other end has gone, and that is told by `closed`. */
  send(message: Out): void;
  /** Sends what was said, and ends. */
  end(): void;
  /** Why the connection ended; `null`: the other side closed it, or we did. */
  readonly closed: Promise<string | null>;
}

/** What is waiting to be read by the other side. One that reads nothing must not fill our memory. */
const MOST_WAITING = 16 * 1024 * 1024;

/**
 * Reads messages of one kind from a socket and sends those of the other. What is none, is too long, or cannot be read ends the connection.
 * @param onFault told in words before it ends, so that a last message may be sent
 */
export function createLines<In, Out>(
  socket: Socket,
  schema: ZodType<In>,
  onMessage: (message: In) => void,
  onFault: (words: string) => void = () => {},
): Lines<Out> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  let why: string | null = null;
  let isOver = false;

  const fail = (words: string): void => {
    if (isOver) return;
    why ??= words;
    onFault(words);
    isOver = true;
    socket.end();
    setTimeout(() => socket.destroy(), 1_000).unref(); // one that does not read keeps no descriptor of ours
  };

  socket.on('data', (bytes: Buffer) => {
    if (isOver) return;
    const lines = (begun + decoder.write(bytes)).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      if (isOver) return;
      const message = read(line, schema);
      if ('fault' in message) return fail(message.fault);
      onMessage(message.is);
    }
    if (begun.length > LONGEST) fail(`a message longer than ${LONGEST} bytes`);
  });
  socket.on('error', (error) => {
    why ??= sentenceOf(error);
  });
  const closed = new Promise<string | null>((resolve) => {
    socket.once('close', () => {
      isOver = true;
      resolve(why);
    });
  });
  socket.once('end', () => socket.end());
  return {
    closed,
    send(message) {
      if (isOver || socket.destroyed || socket.writableEnded) return;
      socket.write(`${JSON.stringify(message)}\n`);
      if (socket.writableLength > MOST_WAITING) {
        why ??= 'the other side does not read';
        socket.destroy();
      }
    },
    end() {
      isOver = true;
      socket.end();
      setTimeout(() => socket.destroy(), 1_000).unref();
    },
  };
}

function read<T>(line: string, schema: ZodType<T>): { readonly is: T } | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { fault: 'a line that is no JSON' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { is: parsed.data };
  const [issue] = parsed.error.issues;
  // never what it holds: there may be arguments in it
  return { fault: `a message that this version does not know (${issue?.path.join('.') || 'its type'})` };
}
