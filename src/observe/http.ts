import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { createEvents, type Events } from './events.ts';
import { isOwnHost } from './host.ts';
import type { Look } from './look.ts';
import { contentPolicy, documentOf, icon } from './page/document.ts';
import { type Seen, sectionsOf } from './page/sections.ts';
import { readinessOf } from './readiness.ts';

/** What the pages say. Credentials in it are hidden already. */
export interface Pages {
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  look(): Look;
  /** The look, and what happened. */
  seen(): Promise<Seen>;
}

export interface Listen {
  readonly host: string;
  readonly port: number;
  /** Names by which the page may be asked for, beside addresses and `localhost`. */
  readonly hosts: readonly string[];
}

export interface Served {
  /** `host:port`; the port that was given where 0 was asked for. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves what people and machines read, and changes nothing: `/` (a page, live by `/events`), `/metrics`, `/livez` (this process answers), `/readyz`
 * (503 names each instance that is not ready), `/status.json`.
 * @throws the system's error where it cannot listen there
 */
export async function serveHttp(listen: Listen, pages: Pages, log: Log): Promise<Served> {
  const events = createEvents({ sections: async () => sectionsOf(await pages.seen()), log });
  const names = [...listen.hosts, listen.host];
  const server = createServer((request, response) => {
    request.resume();
    void serve(request, response, { pages, events, names }).catch((error: unknown) => {
      log.error({ page: request.url, reason: sentenceOf(error) }, 'a page could not be made');
      if (response.headersSent) response.destroy();
      else send(request, response, json(500, { error: 'the page could not be made; the log says why' }));
    });
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return {
    address: family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`,
    stop() {
      events.stop();
      return stop(server);
    },
  };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Serving {
  readonly pages: Pages;
  readonly events: Events;
  readonly names: readonly string[];
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What machines ask by whatever name they reach us, and which says nothing that a hostile site could use. */
const forMachines = new Set(['/metrics', '/livez', '/readyz']);

async function serve(request: IncomingMessage, response: ServerResponse, on: Serving): Promise<void> {
  const path = request.url?.split('?')[0] ?? '';
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(request, response, json(405, { error: 'these pages are only read' }, { allow: 'GET, HEAD' }));
  if (!forMachines.has(path) && !isOwnHost(request.headers.host, on.names))
    return send(request, response, json(421, unknownName));
  if (path !== '/events' || request.method === 'HEAD') return send(request, response, await pageFor(path, on.pages));
  if (request.headers['sec-fetch-site'] === 'cross-site')
    return send(request, response, json(403, { error: 'another site may not listen here' }));
  const last = request.headers['last-event-id'];
  if (!(await on.events.attach(response, typeof last === 'string' ? last : undefined)))
    send(request, response, json(503, { error: 'enough browsers are listening already' }, { 'retry-after': '30' }));
}

const unknownName = {
  error: 'this name is not one of ours',
  next: 'Ask by address or as localhost, or write the name into http.hosts of the args file.',
};

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, text, headers }: Page): void {
  response.writeHead(status, { ...guarded, 'content-type': type, ...headers });
  response.end(method === 'HEAD' ? undefined : text);
}

/** Nobody keeps it, guesses its type, embeds it or is told where one came from. */
const guarded = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

async function pageFor(path: string, pages: Pages): Promise<Page> {
  switch (path) {
    case '/':
      return {
        status: 200,
        type: 'text/html; charset=utf-8',
        text: documentOf(await pages.seen(), Date.now()),
        headers: { 'content-security-policy': contentPolicy },
      };
    case '/icon.svg':
      return { status: 200, type: 'image/svg+xml', text: icon };
    case '/events':
      return { status: 200, type: 'text/event-stream', text: '' };
    case '/metrics':
      return { status: 200, ...(await pages.metrics()) };
    case '/livez':
      return json(200, { live: true });
    case '/readyz':
      return ready(pages.look());
    case '/status.json':
      return json(200, pages.look());
  }
  return json(404, { error: 'there is no such page', pages: ['/', '/metrics', '/livez', '/readyz', '/status.json'] });
}

function ready(look: Look): Page {
  const readiness = readinessOf(look);
  return json(readiness.ready ? 200 : 503, readiness);
}

const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Page => ({
  status,
  type: 'application/json',
  text: `${JSON.stringify(body)}\n`,
  headers,
});
