import { blake2AsHex } from '@polkadot/util-crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, type Watcher, watcher } from '../support/chain-watcher.ts';
import { type FaultyNode, faultyNode, type Storage } from '../support/faulty-node.ts';
import { healthy, keys, runtimeValue } from '../support/release-values.ts';

const [old, next] = ['0x01', '0x0202'];
const hashed = (code: string) => blake2AsHex(Buffer.from(code.slice(2), 'hex'));
const authorizes = (code: string) => ({ [keys.authorized]: `${hashed(code)}01` });
const runs = (specVersion: number, code: string) => ({ [keys.runtime]: runtimeValue(specVersion), [keys.code]: code });

let node: FaultyNode;
let seen: Watcher;
/** What `state_getRuntimeVersion` says; the storage serves the rest. */
let installed = 1;
let waiting = 0;

beforeEach(async () => {
  [installed, waiting] = [1, 0];
  node = await faultyNode();
  node.intercept = ({ id, method }, socket) => {
    const result = { state_getRuntimeVersion: { specVersion: installed }, state_getStorageSize: waiting }[method];
    if (result === undefined) return false;
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: result === 0 ? null : result }));
    return true;
  };
});
afterEach(async () => {
  await seen.feed.stop();
  await node.stop();
});

async function start(storage: Storage): Promise<void> {
  node.finalize(1, healthy(storage));
  seen = watcher({ endpoints: [node.endpoint] });
  await until(() => seen.latest() !== null);
}
async function goTo(number: number, storage: Storage): Promise<boolean | undefined> {
  node.finalize(number, healthy(storage));
  await until(() => seen.feed.state().finalized?.number === number);
  return seen.latest()?.upgradeAhead;
}

describe('a runtime upgrade is ahead', () => {
  it('from the authorisation until the new code has run', async () => {
    await start(runs(1, old));
    expect(seen.latest()?.upgradeAhead).toBe(false);
    expect(await goTo(2, { ...runs(1, old), ...authorizes(next) })).toBe(true);
    installed = 2;
    // enacted: the code lies in the state, and the old one has made this block
    expect(await goTo(3, runs(1, next))).toBe(true);
    expect(await goTo(4, runs(2, next))).toBe(false);
    expect(seen.latest()?.specVersion).toBe(2);
  });

  it('while code waits for the relay chain, the authorisation being used up', async () => {
    await start({ ...runs(1, old), ...authorizes(next) });
    waiting = 1_000_000;
    expect(await goTo(2, runs(1, old))).toBe(true);
    expect(await goTo(3, { ...runs(1, old), [keys.restriction]: '0x0100' })).toBe(true);
    [installed, waiting] = [2, 0];
    expect(await goTo(4, { ...runs(2, next), [keys.restriction]: '0x0100' })).toBe(false);
  });

  it('when it begins without an authorisation and the relay chain says so', async () => {
    await start(runs(1, old));
    waiting = 1_000_000;
    expect(await goTo(2, { ...runs(1, old), [keys.restriction]: '0x0100' })).toBe(true);
  });

  it('when the daemon starts in the middle of it', async () => {
    waiting = 1_000_000;
    await start(runs(1, old));
    expect(seen.latest()?.upgradeAhead).toBe(true);
  });

  it('not for an authorisation that was left behind by an upgrade of another way', async () => {
    await start({ ...runs(1, old), ...authorizes(next) });
    expect(seen.latest()?.upgradeAhead).toBe(true);
    installed = 2;
    expect(await goTo(2, { ...runs(2, next), ...authorizes(next) })).toBe(false);
    const asked = node.requests.length;
    expect(await goTo(3, { ...runs(2, next), ...authorizes(next) })).toBe(false);
    // nothing more than the hash of the head and the one read
    expect(node.requests.slice(asked).map(({ method }) => method)).toEqual([
      'chain_getBlockHash',
      'state_queryStorageAt',
    ]);
  });
});
