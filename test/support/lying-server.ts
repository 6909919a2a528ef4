import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';

/** How one path is answered. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export interface LyingServer {
  readonly origin: string;
  readonly port: number;
  /** What was asked so far, oldest first. */
  readonly requests: readonly IncomingMessage[];
  url(path: string): string;
  close(): Promise<void>;
}

/** A real http(s) server on loopback that answers each path as told; 404 elsewhere. */
export async function lyingServer(
  paths: Record<string, Answering>,
  tls?: { key: string; cert: string },
): Promise<LyingServer> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    const answer = paths[request.url?.split('?')[0] ?? ''] ?? status(404, 'no such file');
    answer(request, response);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  const port = await listen(server);
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { origin, port, requests, url: (path) => origin + path, close };
}

/** On a free port of loopback. */
export function listen(server: Server): Promise<number> {
  return new Promise((ready) => {
    server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));
  });
}

/** The truth; with `Range`, and `If-Range` against the ETag. */
export function honest(bytes: Buffer, etag = '"one"'): Answering {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isSame = [undefined, etag].includes(request.headers['if-range'] as string | undefined);
    response.setHeader('etag', etag);
    if (from === 0 || !isSame) return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    if (from >= bytes.length) return void response.writeHead(416).end();
    response.writeHead(206, {
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      'content-length': bytes.length - from,
    });
    response.end(bytes.subarray(from));
  };
}

/** The truth, without an idea of ranges. */
export const whole =
  (bytes: Buffer): Answering =>
  (_, response) =>
    void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

export const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    void response.writeHead(code, headers).end(body);

export const redirect = (location: string, code = 302): Answering => status(code, '', { location });

/** Promises all bytes and hangs up after some. `etag` as an honest server has it. */
export const cutAfter =
  (bytes: Buffer, length: number, etag = '"one"'): Answering =>
  (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length, etag });
    response.write(bytes.subarray(0, length), () => setTimeout(() => response.destroy(), 20));
  };

/** Sends some of the bytes and no more, with the line open. */
export const stallAfter =
  (bytes: Buffer, length: number): Answering =>
  (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.flushHeaders();
    if (length > 0) response.write(bytes.subarray(0, length));
  };

/** A byte every 10 ms: alive for every time-out that begins anew with a byte. */
export const drip: Answering = (_, response) => {
  response.flushHeaders();
  const timer = setInterval(() => response.write('.'), 10);
  response.on('close', () => clearInterval(timer));
};

/** Never ends, as fast as it is read. */
export const endless: Answering = (_, response) => {
  response.writeHead(200);
  const block = Buffer.alloc(64 * 1024, 'x');
  const pour = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', pour);
  pour();
};

export const gzipped =
  (bytes: Buffer): Answering =>
  (_, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes));

/** Takes the request and says nothing. */
export const silence: Answering = () => {};
