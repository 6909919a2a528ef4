import { afterEach, beforeEach, expect, it } from 'vitest';
import { readNetworkOnce } from '../../src/chain/read-once.ts';
import { silentLog } from '../../src/log.ts';
import { eager, until, vault } from '../support/chain-watcher.ts';
import { type FaultyNode, faultyNode } from '../support/faulty-node.ts';
import { checksumOf, healthy, keys, releaseValue } from '../support/release-values.ts';

let node: FaultyNode;
beforeEach(async () => {
  node = await faultyNode();
});
afterEach(() => node.stop());

const read = (signal = new AbortController().signal, endpoints = [node.endpoint]) =>
  readNetworkOnce({ network: 'dev', endpoints, genesis: null, sources: vault, tuning: eager, log: silentLog }, signal);

it('one read says what is named, and leaves no connection', async () => {
  node.finalize(9, healthy({ [keys.current]: releaseValue('https://h/v', 'a1') }));
  const { state, announcements, troubles } = await read();
  expect(announcements.get('vault')?.current?.checksum).toBe(checksumOf('a1'));
  expect(state).toMatchObject({ genesis: node.genesis, finalized: { number: 9 } });
  expect(troubles.size).toBe(0);
  await until(() => node.connections.open === 0);
});

it('a value that does not decode is told beside what could be read', async () => {
  node.finalize(9, healthy({ [keys.current]: '0xff' }));
  const { announcements, troubles } = await read();
  expect(announcements.size).toBe(0);
  expect(troubles.get('vault')).toMatchObject({ code: 'protocol' });
});

it('rejects when no endpoint can be read, with the words of the last', async () => {
  const { endpoint } = node;
  await node.stop();
  await expect(read(undefined, [endpoint, endpoint])).rejects.toThrow('ECONNREFUSED');
});

it('rejects at the abort', async () => {
  node.intercept = () => true;
  const stop = new AbortController();
  const reading = read(stop.signal);
  await until(() => node.requests.length > 0);
  stop.abort();
  await expect(reading).rejects.toThrow('was not read in time');
});
