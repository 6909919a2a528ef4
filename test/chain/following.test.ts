import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChainSource } from '../../src/chain/source.ts';
import { until, vault, type Watcher, watcher } from '../support/chain-watcher.ts';
import { type FaultyNode, faultyNode } from '../support/faulty-node.ts';
import {
  checksumOf,
  clientsInfoKey,
  healthy,
  keys,
  releaseValue,
  runtimeValue,
  timeValue,
} from '../support/release-values.ts';

const released = (digest: string) => releaseValue('https://example.org/vault', digest);
const reads = (node: FaultyNode) => node.requests.filter(({ method }) => method === 'state_queryStorageAt');

let node: FaultyNode;
let seen: Watcher | null = null;
beforeEach(async () => {
  node = await faultyNode();
});
afterEach(async () => {
  await seen?.feed.stop();
  seen = null;
  await node.stop();
});

const current = () => seen?.latest()?.current?.checksum ?? null;
const follow = (options: Partial<Parameters<typeof watcher>[0]> = {}): Watcher => {
  seen = watcher({ endpoints: [node.endpoint], ...options });
  return seen;
};

describe('following an honest node', () => {
  it('tells every client what is named at the first finalised block, also that nothing is', async () => {
    node.finalize(7, healthy());
    const told = follow();
    await until(() => told.announced.length > 0);
    const block = { number: 7, hash: expect.stringMatching(/^0x[0-9a-f]{64}$/), at: expect.any(Number) };
    const announcement = { current: null, pending: null, specVersion: 1_025_000, upgradeAhead: false, block };
    expect(told.announced).toEqual([{ client: 'vault', announcement }]);
    expect(told.remembered).toEqual([node.genesis]);
    expect(told.feed.state()).toMatchObject({ connected: true, readable: true, genesis: node.genesis, trouble: null });
  });

  it('tells a change in its block, and nothing while nothing changes', async () => {
    node.finalize(1, healthy());
    const told = follow();
    await until(() => told.announced.length === 1);
    node.finalize(2, healthy());
    await until(() => told.feed.state().finalized?.number === 2);
    node.finalize(3, healthy({ [keys.current]: released('a1'), [keys.pending]: released('b2') }));
    await until(() => told.announced.length === 2);
    expect(told.latest()).toMatchObject({
      current: { checksum: checksumOf('a1') },
      pending: { checksum: checksumOf('b2') },
    });
    expect(told.latest()?.block?.number).toBe(3);
  });

  it('tells a new spec version to everyone', async () => {
    node.finalize(1, healthy({ [keys.runtime]: runtimeValue(1) }));
    const told = follow();
    await until(() => told.announced.length === 1);
    node.finalize(2, healthy({ [keys.runtime]: runtimeValue(2) }));
    await until(() => told.latest()?.specVersion === 2);
    expect(told.announced).toHaveLength(2);
  });

  it('tells what is newly said of a release that is named already, and keeps it while that does not decode', async () => {
    const data = clientsInfoKey('Current', 'vault/migrate-data');
    const entry = (fragment: string) => ({
      [keys.current]: releaseValue('https://example.org/vault#needs=migrate-data', 'a1'),
      [data]: releaseValue(`https://example.org/migrate#${fragment}`, 'b2'),
    });
    node.finalize(1, healthy(entry(`for=${checksumOf('a0')}`)));
    const told = follow();
    await until(() => told.announced.length === 1);
    expect(told.latest()?.current).toMatchObject({ uri: 'https://example.org/vault', terms: { missing: ['data'] } });
    node.finalize(2, healthy(entry('for=nonsense')));
    await until(() => told.trouble('vault') !== null);
    expect(told.trouble('vault')?.message).toContain('"vault/migrate-data" cannot be read');
    node.finalize(3, healthy(entry(`for=${checksumOf('a1')}`)));
    await until(() => told.announced.length === 2);
    const migration = { kind: 'data', checksum: checksumOf('b2'), uri: 'https://example.org/migrate', to: null };
    expect(told.latest()).toMatchObject({
      current: { checksum: checksumOf('a1'), terms: { missing: [], migrations: [migration] } },
      block: { number: 3 },
    });
    expect(told.trouble('vault')).toBeNull();
    expect(reads(node)).toHaveLength(3);
  });

  it('reads the sources of all clients in one request a head, with no key twice', async () => {
    const sources = new Map<string, ChainSource>([
      ['vault', { source: 'clients-info', client: 'vault' }],
      ['twin', { source: 'clients-info', client: 'vault' }],
      ['oracle', { source: 'clients-info', client: 'oracle' }],
      ['registered', { source: 'vault-registry', url: 'https://example.org/{version}' }],
    ]);
    node.finalize(1, healthy({ [keys.registry]: releaseValue('1.2.3', 'c3') }));
    const told = follow({ sources });
    await until(() => told.announced.length === 4);
    node.finalize(2, healthy({ [keys.current]: released('a1') }));
    await until(() => told.latest('twin')?.current !== null);
    expect(reads(node)).toHaveLength(2);
    const asked = reads(node)[0]?.params[0] as string[];
    expect(new Set(asked).size).toBe(asked.length);
    expect(told.latest('oracle')?.current).toBeNull();
    expect(told.announced.find(({ client }) => client === 'registered')?.announcement.current?.version).toBe('1.2.3');
  });

  it('a best block that is not final changes nothing', async () => {
    node.finalize(1, healthy({ [keys.current]: released('a1') }));
    const told = follow();
    await until(() => current() !== null);
    node.best(2, healthy({ [keys.current]: released('ee') }));
    node.finalize(3, healthy({ [keys.current]: released('a1') }));
    await until(() => told.feed.state().finalized?.number === 3);
    expect(told.announced).toHaveLength(1);
  });

  it('finality that skips numbers is followed', async () => {
    node.finalize(1, healthy());
    follow();
    await until(() => seen?.latest() !== null);
    node.finalize(250, healthy({ [keys.current]: released('a1') }));
    await until(() => current() === checksumOf('a1'));
  });

  it('while a read is under way only the newest head is kept', async () => {
    node.finalize(1, healthy());
    const told = follow();
    await until(() => told.announced.length === 1);
    const held: (() => void)[] = [];
    node.intercept = (request, socket) => {
      if (request.method !== 'chain_getBlockHash' || request.params[0] !== 2) return false;
      const result = `0x${'22'.repeat(32)}`;
      held.push(() => socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result })));
      return true;
    };
    node.finalize(2, healthy());
    await until(() => held.length === 1);
    for (let number = 3; number <= 40; number += 1) node.finalize(number, healthy());
    // heard after all the heads: frames of one connection stay in their order
    held[0]?.();
    await until(() => told.feed.state().finalized?.number === 40);
    expect(reads(node)).toHaveLength(3);
  });

  it('a head that comes before the answer which names its subscription is heard', async () => {
    node.intercept = ({ id, method }, socket) => {
      if (method !== 'chain_subscribeFinalizedHeads') return false;
      socket.send(JSON.stringify({ params: { subscription: 7, result: { number: '0x1' } } }));
      socket.send(JSON.stringify({ id, result: 7 }));
      return true;
    };
    node.finalize(1, healthy({ [keys.current]: released('a1') }));
    follow();
    await until(() => current() === checksumOf('a1'));
  });

  it('a node without state_queryStorageAt is read key by key at the same block', async () => {
    node.intercept = (request, socket) => {
      if (request.method !== 'state_queryStorageAt') return false;
      socket.send(
        JSON.stringify({ jsonrpc: '2.0', id: request.id, error: { code: -32_601, message: 'Method not found' } }),
      );
      return true;
    };
    node.finalize(1, healthy({ [keys.current]: released('a1') }));
    follow();
    await until(() => current() === checksumOf('a1'));
    const hashes = node.requests.filter(({ method }) => method === 'state_getStorage').map(({ params }) => params[1]);
    expect(new Set(hashes)).toEqual(new Set([seen?.latest()?.block?.hash]));
  });

  it('other sources are read at once, and those that went are no longer told', async () => {
    node.finalize(1, healthy({ [keys.current]: released('a1'), [keys.registry]: releaseValue('1.2.3', 'c3') }));
    const told = follow();
    await until(() => told.announced.length === 1);
    told.feed.watch(new Map([['other', { source: 'vault-registry', url: 'https://example.org/{version}' }]]));
    await until(() => told.latest('other')?.current?.checksum === checksumOf('c3'));
    node.finalize(2, healthy({ [keys.current]: released('ee') }));
    await until(() => told.feed.state().finalized?.number === 2);
    expect(told.announced.filter(({ client }) => client === 'vault')).toHaveLength(1);
  });

  it('a client that comes in during a read is not told that nothing is named', async () => {
    node.finalize(1, healthy({ [keys.registry]: releaseValue('1.2.3', 'c3') }));
    const told = follow();
    const both = new Map([
      ...vault,
      ['late', { source: 'vault-registry', url: 'https://example.org/{version}' } as const],
    ]);
    node.intercept = ({ method }) => {
      if (method === 'state_queryStorageAt') told.feed.watch(both);
      return false;
    };
    await until(() => told.latest('late') !== null);
    expect(
      told.announced.filter(({ client }) => client === 'late').map((one) => one.announcement.current?.version),
    ).toEqual(['1.2.3']);
  });

  it('nothing is told after the stop, and no connection is left', async () => {
    node.finalize(1, healthy());
    const told = follow();
    await until(() => told.announced.length === 1);
    const stopped = told.feed.stop();
    node.finalize(2, healthy({ [keys.current]: released('a1') }));
    await stopped;
    await until(() => node.connections.open === 0);
    expect(told.announced).toHaveLength(1);
    expect(told.troubles).toEqual([]);
  });
});

describe('values that do not decode', () => {
  it('keep what was named before, and are told once until they are repaired', async () => {
    node.finalize(1, healthy({ [keys.current]: released('a1') }));
    const told = follow();
    await until(() => current() === checksumOf('a1'));
    const broken = `${released('ee')}00`;
    node.finalize(2, healthy({ [keys.current]: broken }));
    await until(() => told.trouble('vault') !== null);
    node.finalize(3, healthy({ [keys.current]: broken }));
    await until(() => told.feed.state().finalized?.number === 3);
    expect(current()).toBe(checksumOf('a1'));
    expect(told.announced).toHaveLength(1);
    expect(told.troubles).toHaveLength(1);
    expect(told.feed.state()).toMatchObject({ connected: true, readable: true, trouble: null });
    node.finalize(4, healthy({ [keys.current]: released('b2') }));
    await until(() => current() === checksumOf('b2'));
    expect(told.trouble('vault')).toBeNull();
  });

  it('at the first read announce nothing: it would be taken for no release', async () => {
    node.finalize(1, healthy({ [keys.current]: '0x00' }));
    const told = follow();
    await until(() => told.trouble('vault') !== null);
    expect(told.announced).toEqual([]);
  });

  it('of a pending release do not hide a current one', async () => {
    node.finalize(1, healthy({ [keys.current]: released('a1'), [keys.pending]: released('b2') }));
    const told = follow();
    await until(() => current() !== null);
    node.finalize(2, healthy({ [keys.current]: released('c3'), [keys.pending]: '0xff' }));
    await until(() => current() === checksumOf('c3'));
    expect(told.latest()?.pending?.checksum).toBe(checksumOf('b2'));
    expect(told.trouble('vault')?.message).toContain('pending');
  });

  it('of one client do not touch another', async () => {
    const sources = new Map<string, ChainSource>([
      ...vault,
      ['registered', { source: 'vault-registry', url: 'https://h/{version}' }],
    ]);
    node.finalize(1, healthy({ [keys.current]: '0xff', [keys.registry]: releaseValue('1', 'c3') }));
    const told = follow({ sources });
    await until(() => told.latest('registered')?.current !== undefined && told.trouble('vault') !== null);
    expect(told.trouble('registered')).toBeNull();
  });
});

describe('the clock of the chain', () => {
  it.each([
    ['behind', -601_000, 'old'],
    ['ahead', 301_000, 'ahead of this machine'],
  ])('too far %s is an alarm, once, and the release is read all the same', async (_, off, words) => {
    const at = { [keys.now]: timeValue(Date.now() + off) };
    node.finalize(1, healthy({ ...at, [keys.current]: released('a1') }));
    const told = follow();
    await until(() => told.trouble() !== null);
    expect(told.trouble()?.message).toContain(words);
    await until(() => current() === checksumOf('a1'));
    node.finalize(2, healthy({ [keys.now]: timeValue(Date.now() + off * 2), [keys.current]: released('a1') }));
    await until(() => told.feed.state().finalized?.number === 2);
    expect(told.troubles).toHaveLength(1);
    node.finalize(3, healthy());
    await until(() => told.trouble() === null);
  });
});
