import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { isOwnHost } from '../../src/observe/host.ts';
import { serveHttp } from '../../src/observe/http.ts';
import { look } from '../support/looks.ts';

test.each([
  ['127.0.0.1:9616', true],
  ['[::1]:9616', true],
  ['192.168.1.7', true],
  ['localhost:8080', true],
  ['a.localhost', true],
  ['Vault-1.example.org:9616', true],
  ['vault-1.example.org.', true],
  ['evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example:9616', false],
  ['vault-1.example.org.evil.example', false],
  ['127.0.0.1@evil.example', false],
  ['evil.example/127.0.0.1', false],
  ['', false],
  [undefined, false],
])('Host %s: %s', (header, own) => {
  expect(isOwnHost(header, ['vault-1.example.org'])).toBe(own);
});

test.each([
  ['/', 421],
  ['/events', 421],
  ['/status.json', 421],
  ['/icon.svg', 421],
  ['/metrics', 200],
  ['/livez', 200],
  ['/readyz', 200],
])('by a name that is not ours %s answers %i', async (path, status) => {
  const at = look([], []);
  const pages = {
    metrics: async () => ({ type: 'text/plain', text: '' }),
    look: () => at,
    seen: async () => ({ look: at, linesOf: () => [] }),
  };
  const server = await serveHttp({ host: '127.0.0.1', port: 0, hosts: [] }, pages, silentLog);
  onTestFinished(() => server.stop());
  const [host, port] = server.address.split(':');
  const answered = await new Promise<number | undefined>((resolve, reject) =>
    request({ host, port, path, headers: { host: 'rebound.evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end(),
  );
  expect(answered).toBe(status);
});
