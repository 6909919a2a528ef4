import { createHmac } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message } from '../../src/notify/message.ts';
import { type Received, receiverServer } from '../support/receiver.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
/** A busy machine is no failure. */
const patiently = { timeout: 30_000 };

const bodyOf = ({ body }: Received): Message => JSON.parse(body);
const wordsOf = (got: readonly Received[]): string[] =>
  got.map((one) => {
    const { state, severity, condition, event, details } = bodyOf(one);
    return [state, severity, condition ?? event, details['version']].filter((part) => part !== undefined).join(' ');
  });

const receivers = (all: Readonly<Record<string, object>>) => ({ notify: { receivers: all } });
const webhook = (url: string, more: object = {}) => ({ webhook: { url }, ...more });

async function vaultAt(version: string, notify: object): Promise<World> {
  const world = await createWorld();
  const good = await world.name(place, { version, manner: 'steady' });
  await world.write({ [place]: {} }, notify);
  world.start();
  await world.until('it serves', runs(good));
  return world;
}

test('a bad release is told, signed, and told to be over; the pager sleeps', async () => {
  const [chat, pager] = [await receiverServer(), await receiverServer()];
  const world = await createWorld();
  const secret = join(world.folder, 'key');
  await writeFile(secret, 'a key of ours\n', { mode: 0o600 });
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write(
    { [place]: {} },
    receivers({
      chat: { webhook: { url: `${chat.url}/hook`, key: `{secret:file:${secret}}` }, from: 'warning' },
      pager: webhook(pager.url, { from: 'critical' }),
    }),
  );
  world.start();
  await world.until('it serves', runs(good));
  await world.name(place, { version: '1.1.0', manner: 'crash' });
  await expect.poll(() => wordsOf(chat.got), patiently).toContain('firing warning release 1.1.0');
  const next = await world.name(place, { version: '1.2.0', manner: 'steady' });
  await world.until('the next serves', runs(next));
  await expect.poll(() => wordsOf(chat.got), patiently).toContain('resolved warning release 1.1.0');

  const about = chat.got.filter((one) => bodyOf(one).condition === 'release');
  expect(about.map((one) => bodyOf(one).state)).toEqual(['firing', 'resolved']);
  expect(bodyOf(about[0]!).reason).toContain('config schema mismatch');
  expect(new Set(chat.got.map((one) => bodyOf(one).id)).size).toBe(chat.got.length);
  for (const { headers, body, url } of chat.got) {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const mac = createHmac('sha256', 'a key of ours').update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${mac}`);
    expect(headers['idempotency-key']).toBe(JSON.parse(body).id);
    expect(url).toBe('/hook');
  }
  expect(pager.got).toEqual([]);
  const metrics = await world.run('status', '--json');
  expect(JSON.parse(metrics.out).notify).toMatchObject([
    { receiver: 'chat', kind: 'webhook', waiting: 0, trouble: null, results: { delivered: chat.got.length } },
    { receiver: 'pager', kind: 'webhook', waiting: 0, trouble: null, results: { delivered: 0 } },
  ]);
});

test('killed while a message waits, the next daemon delivers it once; killed after, never again', async () => {
  const world = await createWorld();
  const away = await receiverServer();
  const port = Number(new URL(away.url).port);
  await away.close();
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: {} }, receivers({ chat: webhook(away.url, { from: 'info' }) }));
  const first = world.start();
  await world.until('it serves', runs(good));
  const record = join(world.home, 'notify.json');
  await expect.poll(() => readFile(record, 'utf8').catch(() => ''), patiently).toContain('"event":"committed"');
  first.kill('SIGKILL');
  await first.ended;

  const chat = await receiverServer(port);
  const second = world.start();
  await world.until('it serves again', runs(good));
  await expect.poll(() => wordsOf(chat.got), patiently).toContain('told info committed 1.0.0');
  const waits = async () => JSON.parse(await readFile(record, 'utf8')).queues.chat.length;
  await expect.poll(waits, patiently).toBe(0);
  second.kill('SIGKILL');
  await second.ended;
  world.start();
  await world.until('it serves once more', runs(good));
  expect((await world.run('hold', place)).code).toBe(0);
  await expect.poll(() => wordsOf(chat.got), patiently).toContain('told info held');
  expect(wordsOf(chat.got).filter((words) => words.includes('committed'))).toEqual(['told info committed 1.0.0']);
  expect(wordsOf(chat.got).indexOf('told info announced 1.0.0')).toBeLessThan(
    wordsOf(chat.got).indexOf('told info committed 1.0.0'),
  );
});

test('killed between the receiver’s yes and our note of it: again under the same id, or not again, as was asked', async () => {
  const [again, once] = [await receiverServer(), await receiverServer()];
  const world = await vaultAt(
    '1.0.0',
    receivers({
      again: webhook(again.url, { from: 'info' }),
      once: webhook(once.url, { from: 'info', delivery: 'atMostOnce' }),
    }),
  );
  const settled = async () =>
    JSON.parse((await world.run('status', '--json')).out).notify.every(
      ({ waiting }: { waiting: number }) => waiting === 0,
    );
  await expect.poll(settled, patiently).toBe(true);
  // both have it, neither has answered: the daemon dies
  const never = () => new Promise<number>(() => {});
  again.answer(never);
  once.answer(never);
  expect((await world.run('hold', place)).code).toBe(0);
  const held = ({ got }: { got: readonly Received[] }) => got.filter((one) => bodyOf(one).event === 'held');
  await expect.poll(() => [held(again).length, held(once).length], patiently).toEqual([1, 1]);
  const { daemon } = JSON.parse((await world.run('status', '--json')).out);
  process.kill(daemon.pid, 'SIGKILL');

  again.answer(() => 200);
  once.answer(() => 200);
  world.start();
  await expect.poll(() => held(again).length, patiently).toBe(2);
  expect(new Set(held(again).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  await world.until('it serves', ({ verdict }) => verdict === 'healthy');
  expect((await world.run('unhold', place)).code).toBe(0);
  await expect.poll(() => wordsOf(once.got), patiently).toContain('told info resumed');
  expect(held(once)).toHaveLength(1);
});

test('a receiver that is silent, a command that hangs and a disk that takes nothing delay no switch', async () => {
  const silent = await receiverServer();
  silent.answer(() => new Promise<number>(() => {}));
  const world = await createWorld();
  const hanging = join(world.folder, 'hangs');
  await writeFile(hanging, '#!/bin/sh\ncat > /dev/null\nsleep 600\n', { mode: 0o755 });
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write(
    { [place]: {} },
    receivers({
      silent: { webhook: { url: silent.url, timeout: '1h' }, from: 'info' },
      hanging: { command: { run: [hanging], deadline: '1h' }, from: 'info' },
    }),
  );
  const daemon = world.start();
  await world.until('it serves', runs(good));
  await expect.poll(() => silent.got.length, patiently).toBe(1);
  // where the record lies: nothing can be renamed over it
  await rm(join(world.home, 'notify.json'));
  await mkdir(join(world.home, 'notify.json', 'full'), { recursive: true });
  const next = await world.name(place, { version: '1.1.0', manner: 'steady' });
  await world.until('the update is committed', runs(next));
  const stopped = (await world.history()).filter(({ event }) => event === 'started').at(-1);
  expect(stopped?.['downtime']).toBeLessThan(5_000);
  expect(await twice(world)).toEqual([]);
  const looks = JSON.parse((await world.run('status', '--json')).out).notify;
  expect(looks).toMatchObject([{ receiver: 'silent' }, { receiver: 'hanging' }]);
  for (const { waiting } of looks) expect(waiting).toBeGreaterThan(3);
  expect(await readFile(daemon.log, 'utf8')).toContain('messages cannot be saved');
});

test('a command reads the message from its stdin, and no secret is among its arguments; a heartbeat stops with the daemon', async () => {
  const heart = await receiverServer();
  const world = await createWorld();
  const told = join(world.folder, 'told');
  const command = join(world.folder, 'tell');
  await writeFile(command, `#!/bin/sh\n{ cat; echo "args: $*"; } >> ${told}\n`, { mode: 0o755 });
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write(
    { [place]: {} },
    receivers({
      script: { command: { run: [command, '--to', 'somebody'] }, from: 'info', only: ['kintsugi'] },
      deadman: { heartbeat: { url: `${heart.url}/beat`, every: '1s' } },
    }),
  );
  const daemon = world.start();
  await world.until('it serves', runs(good));
  await expect.poll(() => readFile(told, 'utf8').catch(() => ''), patiently).toContain('"event":"committed"');
  const [first = '', second] = (await readFile(told, 'utf8')).split('\n');
  expect(JSON.parse(first)).toMatchObject({ schema: 1, event: 'announced', network: 'kintsugi', client: 'vault' });
  expect(second).toBe('args: --to somebody');
  await expect.poll(() => heart.got.length, patiently).toBeGreaterThan(1);
  expect(heart.got[0]).toMatchObject({ method: 'GET', url: '/beat' });
  daemon.kill('SIGTERM');
  await daemon.ended;
  const beats = heart.got.length;
  const alone = await world.run('notify', 'test', '--severity', 'info');
  expect([alone.code, alone.err]).toEqual([
    0,
    'No daemon runs: sent from here, as this user and with this environment.\n',
  ]);
  expect(alone.out).toMatch(
    /^script {3}command {4}delivered {2}exit 0\ndeadman {2}heartbeat {2}delivered {2}HTTP 200$/m,
  );
  expect(heart.got).toHaveLength(beats + 1);
});

test('notify test says what becomes of a message at each receiver, by the daemon', async () => {
  const [well, broken] = [await receiverServer(), await receiverServer()];
  broken.answer(() => 403);
  const world = await vaultAt(
    '1.0.0',
    receivers({
      well: webhook(well.url),
      broken: webhook(`${broken.url}/services/T0/B0/Zm9vYmFyc2VjcmV0`),
      unset: webhook('{secret:file:/nowhere/url}'),
      deaf: webhook(well.url, { from: 'critical' }),
    }),
  );
  const { code, out, err } = await world.run('notify', 'test', '--severity', 'warning');
  expect(code).toBe(69);
  expect(err).toBe('');
  expect(out.trim().split('\n')).toEqual([
    'well    webhook    delivered  HTTP 200',
    'broken  webhook    FAILED     HTTP 403: said by the receiver',
    expect.stringMatching(/^unset {3}webhook {4}FAILED {5}The secret of \/nowhere\/url cannot be read: ENOENT/),
    'deaf    webhook    not told   it is told from critical on',
  ]);
  const none = await world.run('notify', 'test', '--receiver', 'nobody');
  expect([none.code, none.err]).toEqual([64, expect.stringContaining('names no receiver nobody')]);
});
