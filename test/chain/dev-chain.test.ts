import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import type { ReleaseEvent } from '../../src/chain/events/release-event.ts';
import type { ChainSource } from '../../src/chain/source.ts';
import { until, vault, type Watcher, watcher } from '../support/chain-watcher.ts';
import { checksumOf } from '../support/release-values.ts';

const sources = new Map<string, ChainSource>([
  ['registered', { source: 'vault-registry', url: 'https://example.org/{version}/vault-{network}' }],
  ...vault,
]);

let chain: DevChain;
let seen: Watcher;
const decoded: { client: string; event: ReleaseEvent; number: number }[] = [];
const follow = (endpoint: string) =>
  watcher({
    endpoints: [endpoint],
    sources,
    tuning: { calm: 0 },
    decoded: (client, events, { number }) => void decoded.push(...events.map((event) => ({ client, event, number }))),
  });

beforeAll(async () => {
  chain = await startDevChain();
});
afterEach(async () => {
  await seen.feed.stop();
  decoded.splice(0);
});
afterAll(() => chain.stop());

describe('a real runtime', () => {
  it('a signed set_vault_release is told in its block, and its event is decoded for the history', async () => {
    seen = follow(chain.endpoint);
    await until(() => seen.latest('registered') !== null);
    const { number, hash } = await chain.publishVaultRelease('1.2.3', 'ab'.repeat(32));
    await until(() => seen.latest('registered')?.current !== null);
    const current = { checksum: checksumOf('ab'), uri: 'https://example.org/1.2.3/vault-dev', version: '1.2.3' };
    expect(seen.latest('registered')).toMatchObject({ current, block: { number, hash } });
    await until(() => decoded.length > 0);
    const event = {
      name: 'VaultClientUpdate',
      phase: 'ApplyExtrinsic',
      checksum: checksumOf('ab'),
      uri: null,
      version: '1.2.3',
    };
    expect(decoded).toEqual([{ client: 'registered', event, number }]);
    expect(seen.announced.filter(({ client }) => client === 'vault')).toHaveLength(1);
  });

  it('what is published while the line is cut is told when it is back', async () => {
    const line = await lineTo(chain.endpoint);
    seen = follow(line.endpoint);
    await until(() => seen.latest() !== null);
    line.cut();
    await until(() => !seen.feed.state().connected);
    const { number } = await chain.setCurrentRelease('vault', 'https://example.org/v1', 'c1'.repeat(32));
    line.mend();
    await until(() => seen.latest()?.current !== null);
    expect(seen.latest()).toMatchObject({ current: { checksum: checksumOf('c1') }, block: { number } });
    await line.close();
  });

  it('a pending release is announced with its upgrade and becomes current with the new runtime', async () => {
    seen = follow(chain.endpoint);
    await until(() => seen.latest()?.current !== undefined);
    await chain.setPendingRelease('vault', 'https://example.org/v2', 'c2'.repeat(32));
    await until(() => seen.latest()?.pending !== null);
    expect(seen.latest()).toMatchObject({
      current: { checksum: checksumOf('c1') },
      pending: { checksum: checksumOf('c2') },
    });
    await chain.authorizeUpgrade();
    await until(() => seen.latest()?.upgradeAhead === true);
    const { number } = await chain.upgradeRuntime();
    await until(() => seen.latest()?.specVersion === 2);
    // all of it in one announcement, of the first block that the new runtime made
    const block = { number };
    const current = { checksum: checksumOf('c2'), uri: 'https://example.org/v2', version: null };
    expect(seen.latest()).toMatchObject({ current, pending: null, upgradeAhead: false, block });
    await until(() => decoded.length === 2);
    expect(decoded.map(({ event }) => [event.name, event.phase])).toEqual([
      ['NotifyClientRelease', 'ApplyExtrinsic'],
      ['ApplyClientRelease', 'Initialization'],
    ]);
  });
});

/** A TCP line to an endpoint, which can be cut and mended. */
async function lineTo(endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => undefined).on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const mend = () => {
    isCut = false;
  };
  const close = async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port: ours } = server.address() as { port: number };
  return { endpoint: `ws://127.0.0.1:${ours}`, cut, mend, close };
}
