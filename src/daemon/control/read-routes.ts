import { redactValue } from '../../config/redact.ts';
import type { Home } from '../../layout.ts';
import type { Look } from '../../observe/look.ts';
import { openHistory } from '../../store/history.ts';
import { foldersOf } from '../folders.ts';
import { countIn, createLogReaders, type Discreet } from './log-readers.ts';
import type { Routes } from './server.ts';

export interface Read {
  readonly home: Home;
  readonly version: string;
  readonly startedAt: number;
  look(): Look;
  /** Those that a file names. */
  clients(): readonly Discreet[];
  tell: Tell;
}

/** Commands that the daemon does for those who may not read the home. */
export type Told = 'check' | 'which' | 'backups';

/** What such a command finds, of the clients of `place`; `null`: of all. */
export type Tell = (what: Told, place: string | null) => Promise<object>;

/** What anybody may be told who may only read: secrets in URLs are hidden, and nothing changes. */
export function readRoutes({ home, version, startedAt, look, clients, tell }: Read): Routes {
  const logs = createLogReaders(home, clients);
  const told = async (what: Told, query: URLSearchParams) =>
    redactValue(await tell(what, query.get('place'))) as object;
  return {
    'GET /v1/version': async () => ({ version, pid: process.pid, startedAt: new Date(startedAt).toISOString() }),
    'GET /v1/status': async () => redactValue(look()) as Look,
    'GET /v1/history': async (_body, query) => ({ clients: await histories(home, countIn(query, 'limit')) }),
    'GET /v1/clients': async () => ({ clients: clients().map(({ network, client }) => ({ network, client })) }),
    'GET /v1/logs': async (_body, query, signal) => logs.begin(query, signal),
    'GET /v1/check': async (_body, query) => told('check', query),
    'GET /v1/which': async (_body, query) => told('which', query),
    'GET /v1/backups': async (_body, query) => told('backups', query),
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
