import { createConnection } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection that says whatever a test wants, and keeps what it hears. */
export function wire(socket: string) {
  const connection = createConnection(socket);
  let heard = '';
  connection.on('data', (bytes) => (heard += bytes.toString()));
  connection.on('error', () => {});
  const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
  onTestFinished(() => void connection.destroy());
  return {
    say: (text: string) => void connection.write(text),
    send: (message: object) => void connection.write(`${JSON.stringify(message)}\n`),
    heard: () =>
      heard.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>])),
    end: () => void connection.destroy(),
    closed,
  };
}
