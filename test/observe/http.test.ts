import { afterEach, expect, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { type Pages, serveHttp } from '../../src/observe/http.ts';
import type { Look } from '../../src/observe/look.ts';
import { instance, look } from '../support/looks.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

const here = { host: '127.0.0.1', port: 0, hosts: ['vault-1.example.org'] };

const pages = (at: Look = look([], []), metrics = async () => ({ type: 'text/plain', text: 'up 1\n' })): Pages => ({
  metrics,
  look: () => at,
  seen: async () => ({ look: at, linesOf: () => [] }),
});

async function served(at?: Look, metrics?: Pages['metrics']) {
  const server = await serveHttp(here, pages(at, metrics), silentLog);
  open.push(server);
  return (path: string, init: RequestInit = {}) => fetch(`http://${server.address}${path}`, init);
}

const child = { pid: 7, startedAt: '2026-11-20T10:00:00.000Z', checksum: null };

test('metrics, with their own type', async () => {
  const get = await served();
  const answer = await get('/metrics?x=1');
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain',
    'up 1\n',
  ]);
});

test('the status is the look itself, and not kept by anybody', async () => {
  const at = look([instance({})], []);
  const answer = await (await served(at))('/status.json');
  expect(await answer.json()).toEqual(at);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('alive while it answers, whatever the clients do', async () => {
  const get = await served(look([instance({ trouble: 'no endpoint can be read' })], []));
  expect((await get('/livez')).status).toBe(200);
});

test.each([
  ['no clients', [], 200, []],
  ['its source was read', [instance({})], 200, [null]],
  ['its child is up, its source is not', [instance({ child, trouble: 'no endpoint' })], 200, [null]],
  ['neither', [instance({ trouble: 'no endpoint' })], 503, ['no endpoint']],
  [
    'not taken up',
    [instance({ blocked: 'its state is damaged' }), instance({ client: 'b' })],
    503,
    ['its state is damaged', null],
  ],
  ['stopped by a person', [instance({ stopped: true })], 200, [null]],
])('ready: %s', async (_name, instances, status, reasons) => {
  const answer = await (await served(look(instances, [])))('/readyz');
  const body = (await answer.json()) as { ready: boolean; instances: { reason: string | null }[] };
  expect(answer.status).toBe(status);
  expect(body.ready).toBe(status === 200);
  expect(body.instances.map(({ reason }) => reason)).toEqual(reasons);
});

test('HEAD answers without a body', async () => {
  const answer = await (await served())('/metrics', { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

test.each(['POST', 'PUT', 'DELETE'])('%s changes nothing and is told so', async (method) => {
  const answer = await (await served())('/status.json', { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('the page for people is closed to all but what it names itself', async () => {
  const get = await served(look([instance({})], []));
  const answer = await get('/');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
  expect(await answer.text()).toContain('kintsugi/vault');
  for (const path of ['/', '/status.json', '/icon.svg', '/metrics', '/nowhere']) {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
});

test('what is not there is told in JSON', async () => {
  const answer = await (await served())('/../etc/passwd');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: 'there is no such page' });
});

test('a page that breaks is told without its reason, and the next one is served', async () => {
  const get = await served(look([], []), async () => {
    throw new Error('secret reason');
  });
  const answer = await get('/metrics');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
  expect((await get('/livez')).status).toBe(200);
});

test('a taken port is an error of whoever asks for it', async () => {
  const server = await serveHttp(here, pages(), silentLog);
  open.push(server);
  const port = Number(server.address.split(':')[1]);
  await expect(serveHttp({ ...here, port }, pages(), silentLog)).rejects.toThrow('EADDRINUSE');
});

test('stops at once, also while a connection is open', async () => {
  const server = await serveHttp(here, pages(), silentLog);
  await fetch(`http://${server.address}/livez`, { headers: { connection: 'keep-alive' } });
  await server.stop();
  await expect(fetch(`http://${server.address}/livez`)).rejects.toThrow();
});
