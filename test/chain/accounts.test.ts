import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import type { Sighting } from '../../src/chain/source.ts';
import { until, type Watcher, watcher } from '../support/chain-watcher.ts';

const alice = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const nobody = `0x${'77'.repeat(32)}`;

let chain: DevChain;
let watching: Watcher;
const seen: { client: string; sighting: Sighting }[] = [];

const follow = (accounts: Readonly<Record<string, string>>) =>
  watcher({
    endpoints: [chain.endpoint],
    sources: new Map(),
    accounts: new Map(Object.entries(accounts)),
    seen: (client, sighting) => void seen.push({ client, sighting }),
  });
const last = (client: string) => seen.findLast((one) => one.client === client)?.sighting;

beforeAll(async () => {
  chain = await startDevChain();
});
afterEach(async () => {
  await watching.feed.stop();
  seen.splice(0);
});
afterAll(() => chain.stop());

describe('accounts on a real runtime', () => {
  it('are told at every finalised block, also where no client reads a release', async () => {
    watching = follow({ vault: alice, other: nobody });
    await until(() => last('other') !== undefined);
    const before = last('vault')!;
    const { number } = await chain.setCurrentRelease('vault', 'https://example.org/v1', 'c1'.repeat(32));
    await until(() => last('vault')!.block.number === number);
    expect(last('vault')).toMatchObject({ nonce: before.nonce + 1, exists: true });
    const quiet = await chain.newBlock();
    await until(() => last('vault')!.block.number === quiet.number);
    expect(last('vault')?.nonce).toBe(before.nonce + 1);
    expect(last('other')).toMatchObject({ nonce: 0, exists: false });
    expect(watching.announced).toEqual([]);
  });

  it('the extrinsic that made a nonce rise is named among many blocks: its block, its place, its hash, its call', async () => {
    watching = follow({ vault: alice });
    await until(() => last('vault') !== undefined);
    for (let block = 0; block < 3; block += 1) await chain.newBlock();
    const { number, nonce } = await here();
    for (let block = 0; block < 4; block += 1) await chain.newBlock();
    const guilty = await chain.setCurrentRelease('vault', 'https://example.org/v2', 'c2'.repeat(32));
    for (let block = 0; block < 5; block += 1) await chain.newBlock();
    const upTo = (await here()).number;
    const { block } = await chain.api().rpc.chain.getBlock(guilty.hash);
    const index = block.extrinsics.findIndex(({ isSigned }) => isSigned);
    expect(await watching.feed.ask.signed({ id: alice, after: { number, nonce }, upTo })).toEqual({
      block: guilty,
      extrinsic: { index, hash: block.extrinsics[index]?.hash.toHex() },
      call: 'sudo.sudo',
    });
  });

  it('the newest block, and how soon one follows the other', async () => {
    watching = follow({ vault: alice });
    await until(() => last('vault') !== undefined);
    for (let block = 0; block < 3; block += 1) await chain.newBlock();
    const { number } = await here();
    expect(await watching.feed.ask.newest()).toBe(number);
    expect(await watching.feed.ask.pace(number)).toBe(1_000);
    expect(await watching.feed.ask.pace(1)).toBe(6_000);
  });

  it('without a connection nothing can be asked', async () => {
    watching = watcher({ endpoints: ['ws://127.0.0.1:1'], sources: new Map(), accounts: new Map([['vault', alice]]) });
    await sleep(20);
    await expect(watching.feed.ask.newest()).rejects.toThrow('dev is not connected');
    expect(seen).toEqual([]);
  });
});

/** The newest finalised block that was seen, once it is the newest of the chain. */
async function here(): Promise<{ number: number; nonce: number }> {
  const newest = (await chain.api().rpc.chain.getHeader()).number.toNumber();
  await until(() => last('vault')!.block.number === newest);
  return { number: newest, nonce: last('vault')!.nonce };
}
