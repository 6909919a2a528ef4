import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * The two FleetLock servers in use, by what they were measured to answer (airlock of 2023-06 on etcd 3.4, poseidon/fleetlock of 2026-08 on a Kubernetes
 * API): one says "full" with 500 and types its JSON as text, the other says it with 423.
 */
export type Dialect = 'airlock' | 'poseidon';

/** What is the matter with the server. */
export type Trouble = 'none' | 'silent' | 'no store' | 'race' | 'html' | 'nothing there';

export interface FleetLockServer {
  readonly url: string;
  /** Who holds a slot, by group. */
  holders(group?: string): readonly string[];
  /** Another takes a slot. */
  take(id: string, group?: string): void;
  free(id: string, group?: string): void;
  trouble(what: Trouble): void;
  /** Each request: `pre-reboot kintsugi.vault.…`. */
  readonly heard: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const json = (status: number, kind: string, value: string): Answer => ({
  status,
  body: JSON.stringify({ kind, value }),
});

export async function fleetLockServer(dialect: Dialect, slots = 1): Promise<FleetLockServer> {
  const groups = new Map<string, readonly string[]>([['default', []]]);
  const heard: string[] = [];
  let present: Trouble = 'none';

  const server = createServer(async (request, response) => {
    const body = await read(request);
    heard.push(`${request.url?.split('/').at(-1)} ${idIn(body)}`);
    if (present === 'silent') return;
    send(response, inTrouble(present, dialect) ?? answer(request, body));
  });

  function answer(request: IncomingMessage, body: string): Answer {
    const isAirlock = dialect === 'airlock';
    if (request.method !== 'POST')
      return isAirlock
        ? json(400, 'invalid_client_identity', 'EOF')
        : json(405, 'method_not_allowed', 'required method POST');
    if (request.headers['fleet-lock-protocol'] !== 'true')
      return isAirlock
        ? json(400, 'invalid_client_identity', 'missing header')
        : json(400, 'missing_header', 'missing fleet-lock-protocol');
    const id = idIn(body);
    if (id === '') return json(400, isAirlock ? 'invalid_client_identity' : 'decode_error', 'no id');
    const group = (JSON.parse(body) as { client_params: { group: string } }).client_params.group;
    if (isAirlock && !groups.has(group)) return json(400, 'unknown_group', `unknown group "${group}"`);
    if (!isAirlock && !/^[a-z0-9.-]+$/.test(group)) return json(500, 'internal_error', 'error getting reboot lease');
    return request.url?.endsWith('/v1/pre-reboot') ? lock(id, group) : unlock(id, group);
  }

  function lock(id: string, group: string): Answer {
    const held = groups.get(group) ?? [];
    const isAirlock = dialect === 'airlock';
    if (held.includes(id)) return { status: 200, body: isAirlock ? '' : 'retained reboot lease' };
    if (held.length >= (isAirlock ? slots : 1))
      return isAirlock
        ? json(500, 'failed_lock', `all ${slots} semaphore slots currently locked`)
        : json(423, 'lock_held', `reboot lease lock unavailable, held by ${held[0]}`);
    groups.set(group, [...held, id]);
    return { status: 200, body: isAirlock ? '' : 'obtained reboot lease' };
  }

  function unlock(id: string, group: string): Answer {
    const held = groups.get(group) ?? [];
    if (dialect === 'poseidon' && held.length > 0 && !held.includes(id))
      return json(423, 'lock_held', `unable to unlock reboot lease, held by ${held[0]}`);
    groups.set(
      group,
      held.filter((one) => one !== id),
    );
    if (dialect === 'airlock') return { status: 200, body: '' };
    return {
      status: 200,
      body: held.length === 0 ? 'reboot lease already unlocked' : `unlocked reboot lease for ${id}`,
    };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    holders: (group = 'default') => groups.get(group) ?? [],
    take: (id, group = 'default') => void groups.set(group, [...(groups.get(group) ?? []), id]),
    free: (id, group = 'default') =>
      void groups.set(
        group,
        (groups.get(group) ?? []).filter((one) => one !== id),
      ),
    trouble(what) {
      present = what;
    },
  };
}

function inTrouble(trouble: Trouble, dialect: Dialect): Answer | null {
  switch (trouble) {
    case 'none':
    case 'silent':
      return null;
    case 'no store':
      return json(500, dialect === 'airlock' ? 'failed_sem_init' : 'internal_error', 'context deadline exceeded');
    case 'race':
      return dialect === 'airlock'
        ? json(500, 'failed_lock', 'conflict on semaphore detected, aborting')
        : json(500, 'internal_error', 'error getting reboot lease');
    case 'html':
      return { status: 502, body: `<html>${'x'.repeat(100_000)}</html>` };
    case 'nothing there':
      return { status: 404, body: 'not found' };
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function idIn(body: string): string {
  try {
    return (JSON.parse(body) as { client_params: { id: string } }).client_params.id;
  } catch {
    return '';
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(body);
}
