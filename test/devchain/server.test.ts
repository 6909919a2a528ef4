import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Keyring } from '@polkadot/api';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import { storageKey } from '../../devchain/genesis.ts';
import { extrinsic, submit } from '../../devchain/submit.ts';
import { rawStorage, request } from './reading.ts';

const CHECKSUM = '11'.repeat(32);
const GENESIS = `0x${'ab'.repeat(32)}`;
const PROJECT = new URL('../../', import.meta.url);

const blockNumber = async (chain: Pick<DevChain, 'endpoint'>) =>
  Number(((await request(chain, 'chain_getHeader', [])) as { number: string }).number);

const chainTime = async (chain: DevChain) =>
  Number(Buffer.from((await rawStorage(chain, storageKey('Timestamp', 'Now')))!.slice(2), 'hex').readBigUInt64LE());

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const untilGone = async (pid: number) => {
  while (isAlive(pid)) await sleep(20);
};

describe('two chains beside each other', () => {
  let usual: DevChain;
  let manual: DevChain;
  beforeAll(async () => {
    [usual, manual] = await Promise.all([
      startDevChain(),
      startDevChain({ blocks: 'manual', genesis: GENESIS, storage: { '0x1234': '0x5678' } }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([usual.stop(), manual.stop()]);
  });

  it('have a genesis and a state of their own', async () => {
    expect(await request(usual, 'chain_getBlockHash', [0])).toBe(usual.genesis);
    expect(await request(manual, 'chain_getBlockHash', [0])).toBe(GENESIS);
    expect(manual.api().genesisHash.toHex()).toBe(GENESIS);
    expect(await request(manual, 'state_getStorage', ['0x1234'])).toBe('0x5678');
    expect(await request(usual, 'state_getStorage', ['0x1234'])).toBeNull();
  });

  it('build blocks apart; a manual one when asked, and for each act', async () => {
    const [usualHead, manualHead] = [await blockNumber(usual), await blockNumber(manual)];
    expect(await manual.publishVaultRelease('1.0.0', CHECKSUM)).toMatchObject({ number: manualHead + 1 });
    expect(await manual.newBlock()).toMatchObject({ number: manualHead + 2 });
    expect(await blockNumber(usual)).toBe(usualHead);
  });

  it('set a clock that is behind to the wall, and never set one back', async () => {
    const wall = Date.now();
    await request(manual, 'dev_timeTravel', [Date.UTC(2001, 0)]);
    await manual.newBlock();
    expect(await chainTime(manual)).toBeGreaterThanOrEqual(wall);
    const ahead = Date.UTC(2101, 0);
    await request(manual, 'dev_timeTravel', [ahead]);
    await manual.newBlock();
    expect(await chainTime(manual)).toBe(ahead + 1_000);
  });

  it('leave what was submitted past the governor in the pool of a manual one', async () => {
    const head = await blockNumber(manual);
    const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
    const call = extrinsic(manual.api(), 'system', 'remark', '0x');
    let asked = -1;
    const block = await submit(manual.api(), call, alice, async () => {
      asked = await blockNumber(manual);
      await manual.newBlock();
    });
    expect(asked).toBe(head);
    expect(block.number).toBe(head + 1);
  });

  it('refuse what was signed for the other one', async () => {
    const signed = await extrinsic(usual.api(), 'system', 'remark', '0x').signAsync(
      new Keyring({ type: 'sr25519' }).addFromUri('//Alice'),
      { nonce: 1_000, era: 0 },
    );
    const head = await blockNumber(manual);
    await expect(request(manual, 'author_submitExtrinsic', [signed.toHex()])).rejects.toThrow(/badProof/i);
    expect(await blockNumber(manual)).toBe(head);
  });

  it('refuse a port that is taken, in words', async () => {
    const port = Number(new URL(usual.endpoint).port);
    await expect(startDevChain({ port })).rejects.toThrow(`port ${port} is in use`);
    expect(await blockNumber(usual)).toBeGreaterThan(0);
  });
});

it('builds blocks by itself where a block time is given, beside those for extrinsics', async () => {
  const chain = await startDevChain({ blockTime: 50 });
  const first = await blockNumber(chain);
  while ((await blockNumber(chain)) < first + 3) await sleep(20);
  await chain.publishVaultRelease('1.0.0', CHECKSUM);
  await chain.stop();
  expect(isAlive(chain.pid)).toBe(false);
});

describe('the end of the process', () => {
  it('comes with stop(), of which a second call does no harm', async () => {
    const chain = await startDevChain();
    await chain.stop();
    await chain.ended;
    expect(isAlive(chain.pid)).toBe(false);
    await chain.stop();
    await expect(request(chain, 'chain_getHeader', [])).rejects.toThrow();
  });

  it('comes with the signal, during the start and after it', async () => {
    const early = new AbortController();
    const starting = startDevChain({ signal: early.signal });
    early.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');

    const late = new AbortController();
    const chain = await startDevChain({ signal: late.signal });
    late.abort();
    await chain.ended;
    expect(isAlive(chain.pid)).toBe(false);
  });

  it('makes an act fail in words when it comes of itself', async () => {
    const chain = await startDevChain({ blocks: 'manual' });
    process.kill(chain.pid, 'SIGKILL');
    await chain.ended;
    await expect(chain.publishVaultRelease('1.0.0', CHECKSUM)).rejects.toThrow(/not connected|lost/);
    await chain.stop();
  });

  it('comes with the death of whoever started it, be it SIGKILL, from any folder', async () => {
    const script = `
      const { startDevChain } = await import('${new URL('devchain/dev-chain.ts', PROJECT)}');
      const chain = await startDevChain();
      console.log(chain.pid);
    `;
    const loader = new URL('node_modules/tsx/dist/loader.mjs', PROJECT).href;
    const args = ['--import', loader, '--input-type=module', '--eval', script];
    const parent = spawn(process.execPath, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(parent.stdout), 'line');
    const pid = Number(line);
    onTestFinished(() => void (isAlive(pid) && process.kill(pid, 'SIGKILL')));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await untilGone(pid);
  });
});
