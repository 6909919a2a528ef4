import { chmod, chown, open, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitStatuses, sentenceOf, VisorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { codeOf } from '../../store/files/file-errors.ts';
import { stream } from './stream.ts';

/**
 * What answers a request: its JSON, or a line of JSON for each that comes; what it throws becomes an error with code, message and next move.
 * @param signal aborted when the reader has gone
 */
export type Answer = (
  body: unknown,
  query: URLSearchParams,
  signal: AbortSignal,
) => Promise<object | AsyncIterable<object>>;

/** Method and path (`POST /v1/act`) to what answers. */
export type Routes = Readonly<Record<string, Answer>>;

/** Who may open the socket: its mode, and a group other than that of our process. */
export interface Access {
  readonly mode: number;
  readonly gid: number | null;
  /** How many may be connected at once; absent: as many as we have descriptors for. */
  readonly most?: number;
}

const ownerOnly: Access = { mode: 0o600, gid: null };

export interface ControlServer {
  stop(): Promise<void>;
}

const LARGEST_BODY = 64 * 1024;

/** A socket's address has 108 bytes, and Node 20 cuts a longer one without a word. */
const LONGEST_ADDRESS = 107;

/** How soon a socket that the machine did not give is tried again (ms). */
const AGAIN = 2_000;

/**
 * Serves the commands on a Unix socket that only its owner may open, unless `access` says who else. The caller holds the home: a socket that lies there is stale.
 * Where the machine gives none now (a full or ill disk, no descriptor left), that is told and tried again: it is no reason to keep a client down.
 */
export async function serveControl(
  path: string,
  routes: Routes,
  log: Log,
  access: Access = ownerOnly,
): Promise<ControlServer> {
  const place = { path, access };
  const first = await attempt(place, routes, log);
  if ('stop' in first) return first;
  const reason = sentenceOf(first.refused);
  log.error(
    { path, reason },
    'the commands cannot be served yet; it is tried again, and the clients are looked after all the same',
  );
  const stopping = new AbortController();
  const later = insist(place, routes, log, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await (await later)?.stop();
    },
  };
}

interface Place {
  readonly path: string;
  readonly access: Access;
}

async function insist(place: Place, routes: Routes, log: Log, signal: AbortSignal): Promise<ControlServer | null> {
  for (;;) {
    await pause(AGAIN, undefined, { signal }).catch(() => {});
    if (signal.aborted) return null;
    const next = await attempt(place, routes, log).catch((refused: unknown) => ({ refused }));
    if (!('stop' in next)) continue;
    log.info({ path: place.path }, 'the commands are served');
    return next;
  }
}

async function attempt(place: Place, routes: Routes, log: Log): Promise<ControlServer | { readonly refused: unknown }> {
  try {
    return await serve(place, routes, log);
  } catch (refused) {
    if (codeOf(refused) !== null) return { refused };
    throw refused;
  }
}

async function serve({ path, access }: Place, routes: Routes, log: Log): Promise<ControlServer> {
  const server = createServer((request, response) => void answer(request, response, routes, log));
  server.requestTimeout = 0;
  if (access.most !== undefined) server.maxConnections = access.most;
  await remove(path);
  const { address, close } = await shortAddress(path);
  try {
    await listen(server, address);
  } finally {
    await close();
  }
  try {
    if (access.gid !== null) await chown(path, process.getuid?.() ?? 0, access.gid);
    await chmod(path, access.mode);
  } catch (error) {
    // else it answers for a daemon that has given up, and keeps its process
    await stop(server, path);
    throw error;
  }
  return { stop: () => stop(server, path) };
}

/**
 * A socket, without looking at it: `rm` asks for its status, and Node 20 takes a socket that was looked at last for the end of the next path that it
 * resolves. Where packages are links (pnpm), what was then loaded had no exports: after a kill -9 nothing was downloaded any more.
 */
async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The path itself, or a way to it that is short enough, open until `close`. */
export async function shortAddress(path: string): Promise<{ address: string; close(): Promise<void> }> {
  if (Buffer.byteLength(path) <= LONGEST_ADDRESS) return { address: path, close: async () => {} };
  const folder = await open(dirname(path));
  return { address: `/proc/self/fd/${folder.fd}/${basename(path)}`, close: () => folder.close() };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function stop(server: Server, path: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await remove(path);
}

async function answer(request: IncomingMessage, response: ServerResponse, routes: Routes, log: Log): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const { pathname, searchParams } = new URL(`http://socket${request.url}`);
    const route = routes[`${request.method} ${pathname}`];
    if (route === undefined)
      throw new VisorError(
        'usage',
        `This daemon does not know ${request.method} ${request.url}`,
        'The command may be newer than the daemon: restart the daemon.',
      );
    const said = await route(await readBody(request), searchParams, gone.signal);
    if (Symbol.asyncIterator in said) await stream(response, said);
    else reply(response, 200, said);
  } catch (error) {
    const failure = failureOf(error, log);
    if (response.headersSent) response.end(`${JSON.stringify(failure)}\n`);
    else reply(response, 422, failure);
  }
}

function failureOf(error: unknown, log: Log): object {
  const known =
    error instanceof VisorError
      ? error
      : new VisorError('bug', sentenceOf(error), 'Report this, with the log of the daemon.');
  if (known.code === 'bug') log.error({ reason: known.message }, 'a command broke');
  const details = 'details' in known ? { details: known.details } : {};
  const { code, message, next } = known;
  return { error: { code, status: exitStatuses[code], message, next, ...details } };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new VisorError('usage', 'The request is too large', 'Send less.');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new VisorError(
      'usage',
      'The request is no JSON',
      'The command and the daemon may be of different versions: restart the daemon.',
    );
  }
}
