import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real server that messages are sent to; it answers as it is told to, and writes down what it got. */
export interface ReceiverServer {
  readonly url: string;
  readonly got: Received[];
  /** What is answered from now on; a promise holds the answer back. */
  answer(by: (received: Received) => number | Promise<number>, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

export async function receiverServer(port = 0): Promise<ReceiverServer> {
  const got: Received[] = [];
  let by: (received: Received) => number | Promise<number> = () => 200;
  let headers: Record<string, string> = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    got.push(received);
    response.writeHead(await by(received), headers);
    response.end('said by the receiver');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    answer(next, more = {}) {
      by = next;
      headers = more;
    },
    close,
  };
}
