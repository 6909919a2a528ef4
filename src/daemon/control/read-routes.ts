import { quietly } from '../../config/quiet-words.ts';
import { redactValue } from '../../config/redact.ts';
import { VisorError } from '../../errors.ts';
import type { Home } from '../../layout.ts';
import type { Look } from '../../observe/look.ts';
import { openHistory } from '../../store/history.ts';
import { foldersOf } from '../folders.ts';
import { lastLines } from './last-lines.ts';
import type { Routes } from './server.ts';

/** Lines of each client where nothing is said. */
const USUAL = 100;

export interface Read {
  readonly home: Home;
  readonly version: string;
  readonly startedAt: number;
  look(): Look;
  /** What a client is given and may repeat. */
  secrets(place: string): readonly string[];
  /** What the present file would lead to, for the clients of `place`; `null`: all. The command's own work, for who may not read the home. */
  check(place: string | null): Promise<object>;
}

/** What anybody may be told who may only read: secrets in URLs are hidden, and nothing changes. */
export function readRoutes(on: Read): Routes {
  return {
    'GET /v1/version': async () => ({
      version: on.version,
      pid: process.pid,
      startedAt: new Date(on.startedAt).toISOString(),
    }),
    'GET /v1/status': async () => redactValue(on.look()) as Look,
    'GET /v1/history': async (_body, query) => ({ clients: await histories(on.home, limitOf(query)) }),
    'GET /v1/log': async (_body, query) => ({ clients: await logs(on, limitOf(query)) }),
    'GET /v1/check': async (_body, query) => redactValue(await on.check(query.get('place'))) as object,
  };
}

async function histories(home: Home, limit: number | null): Promise<readonly object[]> {
  const asked = limit === null ? {} : { limit };
  const folders = await foldersOf(home);
  return Promise.all(
    folders.map(async ({ network, client }) => {
      const lines = await openHistory(home.instance(network, client).history).read(asked);
      return { network, client, lines: redactValue(lines) };
    }),
  );
}

/** Of each client its last lines; what it was given as a secret and wrote down is not in them. */
async function logs({ home, secrets }: Read, limit: number | null): Promise<readonly object[]> {
  const folders = await foldersOf(home);
  return Promise.all(
    folders.map(async ({ network, client }) => {
      const lines = await lastLines(home.instance(network, client).log, limit ?? USUAL);
      return { network, client, lines: quietly(lines, secrets(`${network}/${client}`)) };
    }),
  );
}

function limitOf(query: URLSearchParams): number | null {
  const said = query.get('limit');
  if (said === null) return null;
  if (/^[1-9]\d{0,8}$/.test(said)) return Number(said);
  throw new VisorError('usage', `limit is not a whole number from 1: ${said}`, 'Nothing was done.');
}
