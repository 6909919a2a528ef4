import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Look } from './look.ts';
import { readinessOf } from './readiness.ts';

/** What the pages say. */
export interface Pages {
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  look(): Look;
}

export interface Served {
  /** `host:port`; the port that was given where 0 was asked for. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves what machines read, and changes nothing: `/metrics`, `/livez` (this process answers), `/readyz` (503 names each
 * instance that is not ready), `/status.json`.
 * @throws the system's error where it cannot listen there
 */
export async function serveHttp(listen: { host: string; port: number }, pages: Pages, log: Log): Promise<Served> {
  const server = createServer((request, response) => void serve(request, response, pages, log));
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return { address: family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function serve(request: IncomingMessage, response: ServerResponse, pages: Pages, log: Log): Promise<void> {
  request.resume();
  const { status, type, text } = await pageFor(request, pages).catch((error: unknown) => {
    log.error({ page: request.url, reason: sentenceOf(error) }, 'a page could not be made');
    return json(500, { error: 'the page could not be made; the log says why' });
  });
  const allow = status === 405 ? { allow: 'GET, HEAD' } : {};
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...allow });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function pageFor({ method, url }: IncomingMessage, pages: Pages): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'these pages are only read' });
  switch (url?.split('?')[0]) {
    case '/metrics':
      return { status: 200, ...(await pages.metrics()) };
    case '/livez':
      return json(200, { live: true });
    case '/readyz':
      return ready(pages.look());
    case '/status.json':
      return json(200, pages.look());
  }
  return json(404, { error: 'there is no such page', pages: ['/metrics', '/livez', '/readyz', '/status.json'] });
}

function ready(look: Look): Page {
  const readiness = readinessOf(look);
  return json(readiness.ready ? 200 : 503, readiness);
}

const json = (status: number, body: object): Page => ({
  status,
  type: 'application/json',
  text: `${JSON.stringify(body)}\n`,
});
