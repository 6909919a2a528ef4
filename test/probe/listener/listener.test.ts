import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { listenerOf } from '../../../src/probe/listener/listener.ts';
import { endGroup, lineOf, listenScript, start, startIdle } from '../support/processes.ts';
import { freePort, serve } from '../support/servers.ts';

const node = process.execPath;

test('a port counts for the process that listens on it, and for nobody else', async () => {
  const holder = start(node, ['-e', listenScript()]);
  const port = Number(await lineOf(holder));
  const other = startIdle();
  expect(await listenerOf('127.0.0.1', port, holder.pid)).toEqual({ isOurs: true, address: '127.0.0.1' });
  expect(await listenerOf('127.0.0.1', port, other)).toEqual({
    isOurs: false,
    why: `127.0.0.1:${port} is not listened on by our child but by pid ${holder.pid} (node)`,
  });
});

test('of two that fight for a port, it counts for the one that has it', async () => {
  const first = start(node, ['-e', listenScript()]);
  const port = Number(await lineOf(first));
  const second = start(node, ['-e', listenScript(port)]);
  expect(await lineOf(second)).toBe('taken');
  expect(await listenerOf('127.0.0.1', port, first.pid)).toMatchObject({ isOurs: true });
  expect(await listenerOf('127.0.0.1', port, second.pid)).toMatchObject({ isOurs: false });

  endGroup(first.pid);
  await once(first, 'exit');
  for (let line = 'taken'; line === 'taken'; ) line = await lineOf(second);
  expect(await listenerOf('127.0.0.1', port, second.pid)).toMatchObject({ isOurs: true });
  expect(await listenerOf('127.0.0.1', port, first.pid)).toMatchObject({ isOurs: false });
});

test("a listener among the child's descendants is ours, also when its parent is gone", async () => {
  const kept = start('sh', ['-c', '"$0" -e "$1" & wait', node, listenScript()]);
  expect(await listenerOf('127.0.0.1', Number(await lineOf(kept)), kept.pid)).toMatchObject({ isOurs: true });
  const left = start('sh', ['-c', '("$0" -e "$1" &); exec sleep 600', node, listenScript()]);
  expect(await listenerOf('127.0.0.1', Number(await lineOf(left)), left.pid)).toMatchObject({ isOurs: true });
});

test('a listener of our own is not our child', async () => {
  const { port } = await serve(() => {});
  expect(await listenerOf('127.0.0.1', port, startIdle())).toMatchObject({
    isOurs: false,
    why: expect.stringContaining(`by pid ${process.pid} (`),
  });
});

test.each(['127.0.0.1', 'localhost', '0.0.0.0'])('a server on every address answers for %s', async (host) => {
  const { port } = await serve(() => {}, '0.0.0.0');
  expect(await listenerOf(host, port, process.pid)).toEqual({ isOurs: true, address: '127.0.0.1' });
});

const hasSix = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));
test.skipIf(!hasSix && process.env['CI'] !== 'true')(
  'IPv6 is found, in any spelling (this machine has none: skipped)',
  async () => {
    const { port } = await serve(() => {}, '::1');
    expect(await listenerOf('0:0:0:0:0:0:0:1', port, process.pid)).toMatchObject({ isOurs: true });
    expect(await listenerOf('localhost', port, process.pid)).toEqual({ isOurs: true, address: '::1' });
    expect(await listenerOf('127.0.0.1', port, process.pid)).toMatchObject({ isOurs: false });
  },
);

test.skipIf(!hasSix && process.env['CI'] !== 'true')(
  'a dual-stack server answers for IPv4 (no IPv6 here: skipped)',
  async () => {
    const { port } = await serve(() => {}, '::');
    expect(await listenerOf('127.0.0.1', port, process.pid)).toMatchObject({ isOurs: true });
  },
);

test('nobody there, not this machine, no such host: each in words', async () => {
  const port = await freePort();
  const whyOf = async (host: string) => listenerOf(host, port, process.pid);
  expect(await whyOf('127.0.0.1')).toEqual({ isOurs: false, why: `nothing listens on 127.0.0.1:${port}` });
  const { port: wild } = await serve(() => {}, '0.0.0.0');
  expect(await listenerOf('192.0.2.1', wild, process.pid)).toEqual({
    isOurs: false,
    why: `192.0.2.1:${wild} is not on this machine`,
  });
  expect(await whyOf('nowhere.invalid')).toMatchObject({ why: expect.stringContaining('cannot be found') });
});
