import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { download } from '../../src/store/download.ts';
import { honest, listen, lyingServer, stallAfter } from '../support/lying-server.ts';
import { checksumOf, failureOf, modeOf, namesIn, noise, scratchFolder, scratchStore } from './scratch.ts';

const bytes = noise(2_000_000);
const checksum = checksumOf(bytes);
const never = new AbortController().signal;
const program = join(import.meta.dirname, 'download-once.ts');

const proxyNames = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
const surroundings = Object.fromEntries(proxyNames.map((name) => [name, process.env[name]]));

afterEach(() => {
  for (const [name, value] of Object.entries(surroundings)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

function setProxies(values: Record<string, string>): void {
  for (const name of proxyNames) delete process.env[name];
  Object.assign(process.env, values);
}

/** A proxy that leads every tunnel to one port of this machine; says which hosts were asked for. */
async function proxyTo(port: number): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const end of [socket, target]) end.on('error', () => target.destroy());
  });
  const url = `http://127.0.0.1:${await listen(proxy)}`;
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { url, asked };
}

test('through the proxy of the environment, which resolves the name; and around it for NO_PROXY', async () => {
  const server = await lyingServer({ '/vault': honest(bytes) });
  onTestFinished(() => server.close());
  const proxy = await proxyTo(server.port);
  setProxies({ HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
  const request = { checksum, allowInsecure: true, allowFile: false };
  await download(await scratchStore(), { ...request, uris: ['http://mirror.invalid/vault'] }, never);
  expect(proxy.asked).toEqual(['mirror.invalid:80']);
  await download(await scratchStore(), { ...request, uris: [server.url('/vault')] }, never);
  expect(proxy.asked).toHaveLength(1);
  expect(server.requests).toHaveLength(2);
});

test('a proxy that is not there is a failure of the network, and the store is as it was', async () => {
  setProxies({ HTTPS_PROXY: 'http://127.0.0.1:1' });
  const store = await scratchStore();
  const request = { checksum, uris: ['https://mirror.invalid/vault'], allowInsecure: false, allowFile: false };
  expect(await failureOf(download(store, request, never))).toMatchObject({ code: 'network' });
  expect(await namesIn(store.verified)).toEqual([]);
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const noOpenssl = !hasOpenssl();
if (noOpenssl && process.env['CI'] === 'true') throw new Error('the https tests need the openssl command');

test.skipIf(noOpenssl)(
  'https: only with a certificate that is trusted; NODE_EXTRA_CA_CERTS adds one (needs openssl)',
  async () => {
    const folder = await scratchFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=visor test', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const make = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ];
    execFileSync('openssl', make, { stdio: 'ignore' });
    const server = await lyingServer(
      { '/vault': honest(bytes) },
      { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') },
    );
    onTestFinished(() => server.close());
    const uri = server.url('/vault');
    expect(await linesOf(folder, uri, {})).toMatch(/self-signed certificate/);
    expect(server.requests).toHaveLength(0);
    expect(await namesIn(join(folder, 'sha256'))).toEqual([]);
    expect(await linesOf(folder, uri, { NODE_EXTRA_CA_CERTS: cert })).toMatch(/stored$/);
    expect(await namesIn(join(folder, 'sha256'))).toEqual([checksum.slice(2)]);
  },
);

test('SIGKILL in the middle: the part is unverified, and the next process goes on from it', async () => {
  const folder = await scratchFolder();
  let calls = 0;
  const server = await lyingServer({
    '/vault': (request, response) => {
      calls += 1;
      (calls === 1 ? stallAfter(bytes, 900_000) : honest(bytes))(request, response);
    },
  });
  onTestFinished(() => server.close());
  const child = start(folder, server.url('/vault'), {});
  await once(createInterface(child.stdout), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const partial = join(folder, 'partial', checksum.slice(2));
  expect(await namesIn(join(folder, 'sha256'))).toEqual([]);
  expect(await modeOf(partial)).toBe(0o600);
  const { length } = await readFile(partial);
  expect(length).toBeGreaterThan(0);
  expect(await linesOf(folder, server.url('/vault'), {})).toMatch(/stored$/);
  expect(server.requests[1]?.headers.range).toBe(`bytes=${length}-`);
  expect(bytes.equals(await readFile(join(folder, 'sha256', checksum.slice(2))))).toBe(true);
});

function start(folder: string, uri: string, env: Record<string, string>) {
  const clean = { ...process.env, HTTP_PROXY: '', HTTPS_PROXY: '', http_proxy: '', https_proxy: '', ...env };
  return spawn(process.execPath, ['--import', 'tsx', program, folder, checksum, uri], {
    env: clean,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function linesOf(folder: string, uri: string, env: Record<string, string>): Promise<string> {
  const child = start(folder, uri, env);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return text.trim();
}
