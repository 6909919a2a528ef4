import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, askDaemon } from '../../src/cli/client.ts';
import { type Routes, serveControl } from '../../src/daemon/control/server.ts';
import { VisorError } from '../../src/errors.ts';
import { homeAt } from '../../src/layout.ts';
import { silentLog } from '../../src/log.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function emptyHome(...below: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'vv-client-'));
  ends.push(() => rm(folder, { recursive: true }));
  const home = homeAt(join(folder, ...below));
  await mkdir(home.root, { recursive: true });
  return home;
}

async function serving(routes: Routes, ...below: string[]) {
  const home = await emptyHome(...below);
  const server = await serveControl(home.controlSocket, routes, silentLog);
  ends.push(() => server.stop());
  return home;
}

/** Something that is no daemon of ours listens on the socket. */
async function strange(answer: string | null) {
  const home = await emptyHome();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (answer !== null) socket.once('data', () => socket.end(answer));
    ends.push(async () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(home.controlSocket, resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return home;
}

const get = { method: 'GET', path: '/v1/status' } as const;
const context = {
  file: '/etc/args.json',
  say: () => {},
  json: () => {},
  remark: () => {},
  openLog: async () => silentLog,
};

test('the answer, and what was asked', async () => {
  const home = await serving({ 'POST /v1/act': async (body) => ({ heard: body }) });
  const body = { act: { act: 'hold', for: null }, client: 'ü' };
  expect(await ask(home, { method: 'POST', path: '/v1/act', body })).toEqual({ heard: body });
});

test('also where the path of the socket is longer than an address may be', async () => {
  const home = await serving({ 'GET /v1/status': async () => ({ instances: [] }) }, 'a'.repeat(120), 'b'.repeat(120));
  expect(await ask(home, get)).toEqual({ instances: [] });
});

test('a socket that the machine does not give is no reason to end: it is tried again until it does', async () => {
  const home = await emptyHome();
  await mkdir(home.controlSocket);
  const routes = { 'GET /v1/status': async () => ({ instances: [] }) };
  const server = await serveControl(home.controlSocket, routes, silentLog);
  ends.push(() => server.stop());
  await rm(home.controlSocket, { recursive: true });
  await expect.poll(() => ask(home, get).catch(() => null), { timeout: 20_000 }).toEqual({ instances: [] });
});

test('an error of the daemon is ours, with its code, words and next move', async () => {
  const home = await serving({
    'GET /v1/status': async () => {
      throw new VisorError('usage', 'There is nothing to go back to', 'Nothing was changed.');
    },
  });
  const error = {
    code: 'usage',
    message: 'There is nothing to go back to',
    next: 'Nothing was changed.',
    exitStatus: 64,
  };
  await expect(ask(home, get)).rejects.toMatchObject(error);
});

test('a daemon that does not know the request is older than we are', async () => {
  const home = await serving({});
  await expect(ask(home, get)).rejects.toMatchObject({
    message: 'This daemon does not know GET /v1/status',
    next: 'The command may be newer than the daemon: restart the daemon.',
  });
});

test('no home, no socket and a socket that nobody listens on are no daemon', async () => {
  const home = await emptyHome();
  expect(await ask(homeAt(join(home.root, 'missing')), get)).toBeNull();
  expect(await ask(homeAt(join(home.root, 'm'.repeat(200))), get)).toBeNull();
  expect(await ask(home, get)).toBeNull();
  await writeFile(home.controlSocket, '');
  expect(await ask(home, get)).toBeNull();
});

test('who needs a daemon is told how to start one', async () => {
  const home = await emptyHome();
  await expect(askDaemon(home, get, context)).rejects.toMatchObject({
    exitStatus: 69,
    message: `no vaultvisor runs for this home (${home.root})`,
    next: 'Nothing was done. Start it with vaultvisor run --config /etc/args.json',
  });
});

test('a daemon that does not answer is given up', async () => {
  const home = await strange(null);
  await expect(ask(home, { ...get, patience: 50 })).rejects.toMatchObject({
    exitStatus: 75,
    message: 'The daemon does not answer',
  });
});

test.each([
  ['HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nfoo', 'The daemon answered nonsense (HTTP 200)'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull', 'The daemon answered nonsense (HTTP 200)'],
  ['HTTP/1.1 422 No\r\ncontent-length: 2\r\n\r\n{}', 'The daemon answered nonsense (HTTP 422)'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n{"cut', 'The daemon left while it was asked'],
  ['', 'The daemon left while it was asked'],
])('%j is told in words', async (answer, message) => {
  await expect(ask(await strange(answer), get)).rejects.toMatchObject({ message });
});
