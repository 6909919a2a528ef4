import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { nextAddress, originalAddress, shownUri } from '../../src/store/transfer/addresses.ts';
import { createAgents } from '../../src/store/transfer/agents.ts';
import { innermost, kindOfAddress, kindOfHost } from '../../src/store/transfer/hosts.ts';
import { defaultLimits } from '../../src/store/transfer/limits.ts';
import { lyingServer, status } from '../support/lying-server.ts';
import { failureOf } from './scratch.ts';

const strict = { allowInsecure: false, allowFile: false };

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['0.0.0.0', 'loopback'],
  ['::1', 'loopback'],
  ['::', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['fe80::1', 'link-local'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['255.255.255.255', 'private'],
  ['fd12::1', 'private'],
  ['172.32.0.1', 'public'],
  ['1.1.1.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['no address', 'public'],
])('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind);
});

test.each(['localhost', 'LOCALHOST.', 'a.localhost', '2130706433', '0x7f.1', '[::1]'])(
  'a URL that writes this machine as %s',
  async (host) => {
    expect(await kindOfHost(new URL(`http://${host}/`).hostname)).toBe('loopback');
  },
);

test('one inner address among public ones is enough', () => {
  expect(innermost(['public', 'private', 'public'])).toBe('private');
  expect(innermost(['private', 'loopback'])).toBe('loopback');
  expect(innermost([])).toBe('public');
});

test.each([
  ['https://example.com/v', true],
  ['http://127.0.0.1:1/v', true],
  ['http://localhost/v', true],
  ['http://10.0.0.1/v', false],
  ['http://localhost.example.com/v', false],
  ['file:///etc/passwd', false],
  ['data:,x', false],
  ['', false],
])('what may be named: %s %s', (uri, isAllowed) => {
  const act = () => originalAddress(uri, strict);
  if (isAllowed) expect(act().href).toBe(new URL(uri).href);
  else expect(act).toThrow();
});

test('a file on another machine is no file', () => {
  expect(() => originalAddress('file://server/share', { ...strict, allowFile: true })).toThrow(/not allowed/);
});

test.each([
  ['https://1.1.1.1/a', 'https://9.9.9.9/b', null],
  ['https://1.1.1.1/a', '/b', null],
  ['https://1.1.1.1/a', 'http://9.9.9.9/b', /plain http/],
  ['https://1.1.1.1/a', 'http://127.0.0.1/b', /a loopback address/],
  ['https://1.1.1.1/a', 'https://localhost/b', /a loopback address/],
  ['https://1.1.1.1/a', 'https://192.168.1.1/b', /a private address/],
  ['https://192.168.1.1/a', 'https://10.0.0.1/b', null],
  ['https://192.168.1.1/a', 'https://1.1.1.1/b', null],
  ['https://192.168.1.1/a', 'https://169.254.169.254/b', /a link-local address/],
  ['https://127.0.0.1/a', 'https://192.168.1.1/b', /a private address/],
])('from %s to %s: %s', async (from, to, says) => {
  const original = new URL(from);
  const next = nextAddress(to, original, original, strict);
  if (says === null) expect((await next).url.href).toBe(new URL(to, from).href);
  else expect(String(await failureOf(next))).toMatch(says);
});

test('with allowInsecure anything that is http', async () => {
  const original = new URL('https://1.1.1.1/a');
  const permits = { allowInsecure: true, allowFile: true };
  expect((await nextAddress('http://10.0.0.1/', original, original, permits)).url.hostname).toBe('10.0.0.1');
  expect(String(await failureOf(nextAddress('file:///etc/passwd', original, original, permits)))).toMatch(
    /not allowed/,
  );
});

test('a password neither comes from a redirect nor goes to another host', async () => {
  const original = new URL('https://ann:secret@1.1.1.1/a');
  expect((await nextAddress('/b', original, original, strict)).url.href).toBe('https://ann:secret@1.1.1.1/b');
  expect((await nextAddress('https://bob:x@9.9.9.9/b', original, original, strict)).url.href).toBe('https://9.9.9.9/b');
  expect(shownUri('https://ann:secret@1.1.1.1/a?key=x#y')).toBe('https://1.1.1.1/a');
  expect(shownUri('\u001b[2J')).toBe('"\\u001b[2J"');
});

test('a name that turns inward between the check and the connection is not connected to', async () => {
  const server = await lyingServer({ '/': status(200) });
  const agents = createAgents(defaultLimits);
  onTestFinished(async () => {
    await agents.close();
    await server.close();
  });
  const url = `http://localhost:${server.port}/`;
  const error = await failureOf(request(url, { dispatcher: agents.guarded('private') }));
  expect(String(error)).toMatch(/resolves to a loopback address/);
  expect(server.requests).toHaveLength(0);
  const { body } = await request(url, { dispatcher: agents.guarded('loopback') });
  await body.dump();
  expect(server.requests).toHaveLength(1);
});
