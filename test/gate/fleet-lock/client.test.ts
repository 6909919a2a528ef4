import { describe, expect, test } from 'vitest';
import { answerOf } from '../../../src/gate/fleet-lock/answer.ts';
import { askFleetLock } from '../../../src/gate/fleet-lock/client.ts';
import { fleetLockGate } from '../../../src/gate/fleet-lock/gate.ts';
import { type Dialect, fleetLockServer } from '../../support/fleet-lock-server.ts';

const never = new AbortController().signal;
const dialects: readonly Dialect[] = ['airlock', 'poseidon'];

describe.each(dialects)('%s', (dialect) => {
  const full =
    dialect === 'airlock'
      ? '500: all 1 semaphore slots currently locked'
      : '423: reboot lease lock unavailable, held by a';

  test('grants a slot once, keeps it for who asks again, and gives the next nothing until it is given back', async () => {
    const server = await fleetLockServer(dialect);
    const [a, b] = ['a', 'b'].map((id) => ({ url: server.url, group: 'default', id })) as [never, never];
    expect(await askFleetLock('pre-reboot', a, never)).toEqual({ is: 'granted' });
    expect(await askFleetLock('pre-reboot', a, never)).toEqual({ is: 'granted' });
    expect(await askFleetLock('pre-reboot', b, never)).toEqual({ is: 'notNow', why: full });
    expect(server.holders()).toEqual(['a']);
    expect(await askFleetLock('steady-state', a, never)).toEqual({ is: 'granted' });
    expect(await askFleetLock('steady-state', a, never)).toEqual({ is: 'granted' });
    expect(server.holders()).toEqual([]);
    expect(await askFleetLock('pre-reboot', b, never)).toEqual({ is: 'granted' });
  });

  test('what another holds is not given back by us', async () => {
    const server = await fleetLockServer(dialect);
    server.take('another');
    const answer = await askFleetLock('steady-state', { url: server.url, group: 'default', id: 'a' }, never);
    expect(answer.is).toBe(dialect === 'airlock' ? 'granted' : 'notNow');
    expect(server.holders()).toEqual(['another']);
  });

  test('a group that is not to be had', async () => {
    const server = await fleetLockServer(dialect);
    const answer = await askFleetLock('pre-reboot', { url: server.url, group: 'A_b', id: 'a' }, never);
    expect(answer).toEqual(
      dialect === 'airlock'
        ? { is: 'refused', why: '400: unknown group "A_b"' }
        : { is: 'notNow', why: '500: error getting reboot lease' },
    );
  });

  test.each(['no store', 'race', 'html'] as const)('%s: no grant, and it is asked again', async (trouble) => {
    const server = await fleetLockServer(dialect);
    server.trouble(trouble);
    const answer = await askFleetLock('pre-reboot', { url: server.url, group: 'default', id: 'a' }, never);
    expect(answer).toEqual({ is: 'notNow', why: expect.stringMatching(/^50[02]/) });
    expect(server.holders()).toEqual([]);
    server.trouble('none');
    expect((await askFleetLock('pre-reboot', { url: server.url, group: 'default', id: 'a' }, never)).is).toBe(
      'granted',
    );
  });
});

test('a server that never answers is no grant, and is left after its time', async () => {
  const server = await fleetLockServer('poseidon');
  server.trouble('silent');
  const answer = await askFleetLock('pre-reboot', { url: server.url, group: 'default', id: 'a' }, never);
  expect(answer).toEqual({ is: 'notNow', why: 'no answer within 10 s' });
}, 30_000);

test('who is called off while it is silent leaves at once', async () => {
  const server = await fleetLockServer('poseidon');
  server.trouble('silent');
  const off = new AbortController();
  const asked = askFleetLock('pre-reboot', { url: server.url, group: 'default', id: 'a' }, off.signal);
  while (server.heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
  off.abort(new Error('called off'));
  await expect(asked).rejects.toThrow('called off');
});

test('where nothing listens it is not granted', async () => {
  const answer = await askFleetLock('pre-reboot', { url: 'http://127.0.0.1:1', group: 'default', id: 'a' }, never);
  expect(answer).toEqual({ is: 'notNow', why: expect.stringContaining('ECONNREFUSED') });
});

test('a path before /v1 is kept', async () => {
  const server = await fleetLockServer('airlock');
  expect((await askFleetLock('pre-reboot', { url: `${server.url}/fleet/`, group: 'default', id: 'a' }, never)).is).toBe(
    'granted',
  );
});

test.each([
  [204, '', { is: 'granted' }],
  [301, '', { is: 'refused', why: '301' }],
  [404, 'not found', { is: 'refused', why: '404' }],
  [429, '', { is: 'notNow', why: '429' }],
  [500, '{"kind":"failed_lock"}', { is: 'notNow', why: '500: failed_lock' }],
  [500, '[1,2', { is: 'notNow', why: '500' }],
  [423, '{"value":7}', { is: 'notNow', why: '423' }],
  [423, 'null', { is: 'notNow', why: '423' }],
  [500, JSON.stringify({ value: `a\n  b${'c'.repeat(500)}` }), { is: 'notNow', why: `500: a b${'c'.repeat(197)}` }],
])('%i %s', (status, body, answer) => {
  expect(answerOf(status, body)).toEqual(answer);
});

describe('the gate', () => {
  const slot = { url: 'http://x/', group: 'vaults', id: 'a' };
  const begin = Date.parse('2026-11-21T12:00:00Z');
  const at = (since: number) => ({ now: begin + since, drift: 0 });
  const full = { is: 'notNow', why: '423: held' } as const;
  const patient = { atMost: null, since: begin };
  const urgent = { atMost: 60_000, since: begin };

  test('opens with the grant only, and asks again at a time that is drawn', () => {
    expect(fleetLockGate({ is: 'granted' }, slot, patient, at(0), 0)).toEqual({ is: 'open' });
    expect(fleetLockGate(full, slot, patient, at(86_400_000), 0)).toEqual({
      is: 'waits',
      for: 'a slot of the FleetLock group vaults: 423: held',
      again: 20_000,
    });
    expect(fleetLockGate(full, slot, patient, at(0), 0.999)).toMatchObject({ again: 39_980 });
  });

  test('what a person must mend is an alarm, and no beating on the server', () => {
    const verdict = fleetLockGate({ is: 'refused', why: '400: unknown group' }, slot, patient, at(0), 0);
    expect(verdict).toMatchObject({ is: 'waits', again: 600_000, alarm: expect.stringContaining('unknown group') });
  });

  test('an urgent release waits so long at most, then goes and says so', () => {
    expect(fleetLockGate(full, slot, urgent, at(50_000), 0)).toMatchObject({
      is: 'waits',
      again: 10_000,
      for: expect.stringContaining('until 2026-11-21T12:01:00Z at most'),
    });
    expect(fleetLockGate(full, slot, urgent, at(60_000), 0)).toMatchObject({
      is: 'open',
      although: expect.stringContaining('423'),
    });
  });
});
