import { expect, onTestFinished, test } from 'vitest';
import { createFront, type Front } from '../../src/daemon/front.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { instance, look, network } from '../support/looks.ts';

const vault = { network: 'kintsugi', client: 'vault' };
const restarted = { event: 'restarted', reason: 'exit' };
const anywhere = { host: '127.0.0.1', port: 0, hosts: [] };
const timeline = { of: async () => [] };

/** A front, and where its last page is served by its own words. */
function open(): { front: Front; page(): Promise<string> } {
  let address = '';
  const log: Log = {
    ...silentLog,
    info: (context) => {
      if ('address' in context) address = String(context.address);
    },
  };
  const front = createFront(() => look([instance({})], [network()]), timeline, log);
  onTestFinished(() => front.stop());
  return { front, page: async () => (await fetch(`http://${address}/metrics`)).text() };
}

const restarts = (text: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith('vaultvisor_child_restarts_total{'));

test('what happened before the file said whether anybody asks is counted too', async () => {
  const { front, page } = open();
  front.told(vault, restarted);
  await front.listen(anywhere);
  front.told(vault, restarted);
  expect(restarts(await page())).toMatch(/ 2$/);
});

test('where nobody asked nothing is kept; once somebody does, it is counted from there on', async () => {
  const { front, page } = open();
  front.told(vault, restarted);
  await front.listen(null);
  front.told(vault, restarted);
  await front.listen(anywhere);
  expect(restarts(await page())).toBeUndefined();
  front.told(vault, restarted);
  expect(restarts(await page())).toMatch(/ 1$/);
});

test('counts outlive a change of the address', async () => {
  const { front, page } = open();
  await front.listen(anywhere);
  front.told(vault, restarted);
  await front.listen(null);
  front.told(vault, restarted);
  await front.listen(anywhere);
  expect(restarts(await page())).toMatch(/ 2$/);
});
