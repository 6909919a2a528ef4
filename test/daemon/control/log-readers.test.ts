import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLogReaders } from '../../../src/daemon/control/log-readers.ts';
import { stream } from '../../../src/daemon/control/stream.ts';
import { homeAt } from '../../../src/layout.ts';
import { scratch, until } from '../../support/process/scratch.ts';

/** A server that has always more to say, and a reader of it that takes nothing. */
async function unread(patience: number) {
  const said = { lines: 0, isOver: false };
  async function* endless() {
    try {
      for (;;) {
        said.lines += 1;
        yield { line: 'x'.repeat(1_000) };
      }
    } finally {
      said.isOver = true;
    }
  }
  const server = createServer((_, response) => void stream(response, endless(), patience));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return { said, response };
}

test('of a reader who takes nothing no more is held than the sockets have room for, and what he takes later is whole', async () => {
  const { said, response } = await unread(60_000);
  let before = -1;
  await until(async () => {
    const isStill = said.lines === before;
    before = said.lines;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return isStill;
  });
  const held = said.lines;
  // the kernel's buffers of a connection, and ours
  expect(held).toBeLessThan(20_000);
  for await (const chunk of response) {
    expect(chunk.toString()).toMatch(/^[{}"a-z:\n]+$/);
    if (said.lines > held) break;
  }
  await until(() => said.isOver);
});

test('a reader who takes nothing for too long is given up', async () => {
  const { said } = await unread(200);
  await until(() => said.isOver);
  expect(said.lines).toBeGreaterThan(1);
});

test('eight read at once, a ninth is told to wait; who has ended makes room; nobody reads of clients that no file names', async () => {
  const home = homeAt(scratch());
  const write = (client: string, text: string) => {
    const { log } = home.instance('testnet', client);
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, text);
  };
  write('vault', 'pw is hunter22\n\u001b[31mred\u001b[0m \u001b]0;title\u0007\n');
  write('former', 'its secrets nobody knows any more\n');
  const quiet = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter22', '…')) as T;
  const readers = createLogReaders(home, () => [
    { network: 'testnet', client: 'vault', quiet, learnSecrets: async () => {} },
  ]);
  const query = new URLSearchParams('place=testnet/vault&place=testnet/former&follow=true');
  const over = new AbortController();
  const begin = () => readers.begin(query, over.signal)[Symbol.asyncIterator]();
  const all = Array.from({ length: 8 }, begin);
  const first = await Promise.all(all.map((one) => one.next()));
  const line = { network: 'testnet', client: 'vault', run: null, text: 'pw is …' };
  expect(first).toEqual(all.map(() => ({ done: false, value: line })));
  expect(begin).toThrow(/others read/);
  expect((await all[0]?.next())?.value).toMatchObject({ text: 'red ' });
  write('vault', 'later\n');
  expect((await all[0]?.next())?.value).toMatchObject({ text: 'later' });
  await all[0]?.return?.();
  expect((await begin().next()).value).toEqual(line);
  over.abort();
  expect(() => readers.begin(new URLSearchParams('lines=0'), over.signal)).toThrow(/lines is not a whole number/);
});
