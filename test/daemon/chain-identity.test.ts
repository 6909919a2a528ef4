import { expect, test } from 'vitest';
import { chainIdentity } from '../../src/daemon/chain-identity.ts';
import { homeAt } from '../../src/layout.ts';
import { createLog } from '../../src/log.ts';
import { loadGenesis, saveGenesis } from '../../src/store/genesis-record.ts';
import { scratch, until } from '../support/process/scratch.ts';

const [one, other] = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`];
const log = await createLog({ level: 'silent', pretty: false });

function room() {
  const home = homeAt(scratch());
  const path = home.genesis('testnet');
  const open = (genesis: string | null, floor: number | null) =>
    chainIdentity(home, { name: 'testnet', genesis, floor }, log);
  return { path, open };
}

test('a network that is met is the same from then on, with what was acted on there', async () => {
  const { open } = room();
  expect(await open(null, null)).toMatchObject({ genesis: null, floor: null });
  await (await open(null, null)).remember(one);
  expect(await open(null, 500)).toMatchObject({ genesis: one, floor: 500 });
  expect(await open(one, 500)).toMatchObject({ genesis: one, floor: 500 });
});

test('another genesis in the file: the blocks of the former chain hold nothing back, also over restarts, until it is as high', async () => {
  const { path, open } = room();
  await saveGenesis(path, { hash: one, former: null });
  const changed = await open(other, 500);
  expect(changed).toMatchObject({ genesis: other, floor: null });
  changed.met();
  await until(async () => (await loadGenesis(path))?.hash === other);
  expect(await loadGenesis(path)).toEqual({ hash: other, former: 500 });
  // a state that named nothing new still has the former chain's block
  expect(await open(other, 500)).toMatchObject({ floor: null });
  expect(await open(null, 500)).toMatchObject({ genesis: other, floor: null });
  expect(await open(other, 501)).toMatchObject({ floor: 501 });
});

test('a mistyped genesis, which no node has, leaves nothing behind', async () => {
  const { path, open } = room();
  await saveGenesis(path, { hash: one, former: null });
  expect(await open(other, 500)).toMatchObject({ genesis: other, floor: null });
  expect(await open(one, 500)).toMatchObject({ genesis: one, floor: 500 });
  expect(await loadGenesis(path)).toEqual({ hash: one, former: null });
});

test('a pinned genesis is kept once it was met, so that its change is noticed', async () => {
  const { path, open } = room();
  (await open(one, null)).met();
  await until(async () => (await loadGenesis(path)) !== null);
  expect(await loadGenesis(path)).toEqual({ hash: one, former: null });
  expect(await open(other, 500)).toMatchObject({ floor: null });
});
