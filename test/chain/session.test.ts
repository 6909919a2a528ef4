import { expect, it } from 'vitest';
import { openSession } from '../../src/chain/session/session.ts';
import { usualTuning } from '../../src/chain/tuning.ts';
import { until } from '../support/chain-watcher.ts';
import { faultyNode } from '../support/faulty-node.ts';

it('a session that is over is over: it says so, and rejects what is under way and what comes later', async () => {
  const node = await faultyNode();
  const session = await openSession(node.endpoint, usualTuning, new AbortController().signal);
  expect(await session.send('chain_getBlockHash', [0])).toBe(node.genesis);
  node.intercept = () => true;
  const told: unknown[] = [];
  session.on('disconnected', (reason) => told.push(reason));
  const underWay = session.send('system_chain', []);
  await session.disconnect();
  await expect(underWay).rejects.toThrow('no longer wanted');
  await until(() => node.connections.open === 0);
  await expect(session.send('system_chain', [])).rejects.toThrow('no longer wanted');
  expect(told).toEqual([await session.over]);
  expect(session.isConnected).toBe(false);
  await node.stop();
});

it('an abort ends it, before and after it is open', async () => {
  const node = await faultyNode();
  const stop = new AbortController();
  const session = await openSession(node.endpoint, usualTuning, stop.signal);
  stop.abort();
  expect((await session.over).code).toBe('network');
  await expect(openSession(node.endpoint, usualTuning, stop.signal)).rejects.toMatchObject({ code: 'network' });
  expect(node.connections.made).toBe(1);
  await node.stop();
});
