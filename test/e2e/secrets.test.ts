import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { inProcess } from '../support/cli/home.ts';
import { receiverServer } from '../support/receiver.ts';
import { createWorld, quick, runs, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
const patiently = { timeout: 30_000 };

/** Each of another kind, so that a leak says where it comes from. */
const planted = {
  flag: 'hunter-two-of-a-flag',
  joined: 'hunter-two-behind-an-equals-sign',
  variable: 'hunter-two-of-a-variable',
  wallet: 'hunter-two-of-a-wallet-url',
  endpointPath: '9aa3d95b3bc440fa88ea12eaa4456161',
  endpointQuery: 'Zm9vYmFyMTIzNDU2Nzg5MGFi',
  manifestPath: '5f1c0d7ab2e94c6fb1a7d2e38c90ff41',
  mirror: 'aGVsbG8xMjM0NTY3ODkwd29ybGQ5',
  chat: 'T0SECRETa1b2C3d4E5f6G7h8',
  hmac: 'hunter-two-of-the-signature',
  header: 'hunter-two-of-a-header',
  named: 'hunter-two-in-a-file',
  fromEnv: 'hunter-two-in-our-environment',
  putIn: 'hunter-two-that-the-args-file-only-names',
} as const;

/** Where they lie because they must: the operator's own words, and what a client is started with; of mode 0600, in folders of 0700. */
const mustHold = [
  /^accepted\.json$/,
  /\/state(\.former)?\.json$/,
  /\/deployments\/[0-9a-f]{64}\/(args|deployment)\.json$/,
  /\/logs\/client\.log/, // the client's own words
];

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** What of the planted is in a text. */
const found = (text: string): readonly string[] =>
  Object.entries(planted).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

/** By file, what is found in the home where it must not be. */
async function leaks({ home }: World): Promise<Readonly<Record<string, readonly string[]>>> {
  const out: Record<string, readonly string[]> = {};
  for (const file of await filesBelow(home)) {
    const name = relative(home, file);
    const here = found(await readFile(file, 'latin1').catch(() => ''));
    if (here.length > 0 && !mustHold.some((pattern) => pattern.test(name))) out[name] = here;
  }
  return out;
}

/** A release that complains of what it was given, as programs do. */
const complaining = (version: string) => `#!/bin/sh
echo "vault ${version}: Starting all services" 
echo "error: cannot log in with $RPC_PASSWORD or $RPC_NAMED ($*)"
exit 3
`;

test('what was planted is nowhere but where it must be, through an update, a failure, a bad file and endpoints that are not there', async () => {
  const [chat, mirror] = [await receiverServer(), await receiverServer()];
  const world = await createWorld();
  process.env['PLANTED_HEADER'] = planted.fromEnv;
  const key = join(world.folder, 'key');
  await writeFile(key, planted.named, { mode: 0o600 });
  const putIn = join(world.folder, 'put-in');
  await writeFile(putIn, `${planted.putIn}\n`, { mode: 0o600 });
  const client = {
    args: ['--network', 'kintsugi', '--endpoint', '{endpoint}'],
    env: {
      RPC_PASSWORD: planted.variable,
      RPC_NAMED: `{secret:file:${putIn}}`,
      WALLET: `http://me:${planted.wallet}@127.0.0.1:8332/`,
    },
    download: { mirrors: [`${mirror.url}/${planted.mirror}/{checksum}`] },
  };
  const top = {
    http: { listen: '127.0.0.1:0' },
    notify: {
      receivers: {
        chat: {
          webhook: {
            url: `${chat.url}/services/${planted.chat}`,
            key: planted.hmac,
            headers: { authorization: `Bearer ${planted.header}`, 'x-env': '{secret:env:PLANTED_HEADER}' },
          },
          from: 'info',
        },
        named: { webhook: { url: `${chat.url}/{secret:file:${key}}` }, from: 'info' },
      },
    },
  };
  const clients = {
    [place]: client,
    'far/vault': { release: { source: 'manifest', url: `http://127.0.0.1:9/${planted.manifestPath}/vault.json` } },
    'gone/vault': { release: { source: 'clients-info', client: 'vault' } },
  };
  const endpoints = [
    `ws://127.0.0.1:9/v3/${planted.endpointPath}`,
    `ws://127.0.0.1:9/?apikey=${planted.endpointQuery}`,
  ];
  const write = async (more: object = {}) => {
    await world.write(clients, { ...top, ...more });
    const file = JSON.parse(await readFile(world.config, 'utf8'));
    for (const name of ['kintsugi', 'gone']) file.networks[name].endpoints = endpoints;
    await writeFile(world.config, JSON.stringify(file, null, 2));
  };

  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await write();
  const daemon = world.start();
  await world.until('it serves', runs(good));
  const next = await world.name(place, { version: '1.1.0', manner: 'steady' });
  await world.until('the update is committed', runs(next));
  const bad = join(world.folder, 'vault-complains');
  await writeFile(bad, complaining('1.2.0'), { mode: 0o755 });
  await world.nameFile(place, bad, '1.2.0');
  await world.until('it is rolled back', ({ quarantined }) => quarantined.length > 0);
  await world.until('the former serves', runs(next));
  // an edit with flags that the client does not know, and a file that is refused
  Object.assign(client, { args: [...client.args, '--rpc-pass', planted.flag, `--api-token=${planted.joined}`] });
  await write();
  await world.until('the edit is tried and taken back', ({ quarantined }) => quarantined.length > 1);
  await write({
    maxUpdating: 'many',
    notify: { receivers: { ...top.notify.receivers, both: { webhook: { url: 5 } } } },
  });
  const refused = () => readFile(daemon.log, 'utf8');
  await expect.poll(refused, patiently).toContain('the args file was refused');

  const outputs: Record<string, string> = {};
  const ask = async (...words: string[]) => {
    const env = { ...process.env, VAULTVISOR_LOCKS: join(world.folder, 'locks'), NO_COLOR: '1' };
    const { stdout, stderr } = await inProcess(['--config', world.config, ...words], env);
    outputs[words.join(' ')] = stdout + stderr;
  };
  await ask('config', 'validate');
  await write();
  const commands = [
    ['status'],
    ['status', '--json'],
    ['history'],
    ['history', '--json'],
    ['check'],
    ['check', '--json'],
    ['config', 'show'],
    ['config', 'show', '--origin'],
    ['args', 'show', place],
    ['args', 'show', place, '--json'],
    ['apply'],
    ['backups', 'list'],
    ['notify', 'test', '--severity', 'info'],
    ['version', '--json'],
    ['doctor'],
    ['which', place],
    ['retry', place],
  ];
  for (const words of commands) await ask(...words);
  const log = await readFile(daemon.log, 'utf8');
  const address = /"address":"([^"]+)"/.exec(log)?.[1];
  for (const page of ['metrics', 'status.json', 'readyz', ''])
    outputs[`GET /${page}`] = await (await fetch(`http://${address}/${page}`)).text();
  daemon.kill('SIGTERM');
  await daemon.ended;
  for (const words of [['status'], ['status', '--json'], ['history', '--json']])
    await ask(...words, '--log-level', 'debug');

  // the test can see what it looks for
  expect(Object.keys(found(await readFile(world.config, 'utf8'))).length).toBeGreaterThan(8);
  expect(outputs['history']).toContain('cannot log in with …');
  expect(chat.got.some(({ url }) => url.includes(planted.named))).toBe(true);
  const said = Object.entries(outputs).flatMap(([what, text]) => found(text).map((name) => `${what}: ${name}`));
  expect(said).toEqual([]);
  expect(found(await readFile(daemon.log, 'utf8'))).toEqual([]);
  expect(await leaks(world)).toEqual({});
  // the client was given what is only named: it says so in its own log, and nothing else of the home has it
  const holding = async (file: string) =>
    (await readFile(file, 'latin1').catch(() => '')).includes(planted.putIn) ? [file] : [];
  const holders = (await Promise.all((await filesBelow(world.home)).map(holding))).flat();
  expect(holders.length).toBeGreaterThan(0);
  expect(holders.filter((file) => !file.includes('/logs/client.log'))).toEqual([]);
  expect(chat.got.flatMap(({ body }) => found(body))).toEqual([]);
}, 180_000);

test('a secret that is gone is no fault of the release: the client waits for it, and goes on with its trial when it is there again', async () => {
  const world = await createWorld();
  const key = join(world.folder, 'key');
  const give = () => writeFile(key, 'there', { mode: 0o600 });
  await give();
  // a trial that outlasts all of this, and whose second crash would end it
  const health = { ...quick.health, minHealthyTime: '8s', healthyDeadline: '60s', exits: 2 };
  await world.write({ [place]: { env: { RPC_NAMED: `{secret:file:${key}}` }, health } });
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  const daemon = world.start();
  await world.until('1.0.0 is committed', runs(good));
  const next = await world.name(place, { version: '1.1.0', manner: 'steady' });
  const isOnTrial = await world.until(
    '1.1.0 is on trial',
    ({ phase, child }) => phase === 'probation' && child?.checksum === next.checksum,
  );
  await rm(key);
  process.kill(isOnTrial.child?.pid ?? 0, 'SIGKILL');
  const waiting = await world.until('it waits for its secret', ({ blocked }) => blocked?.includes(key) === true);
  expect(waiting).toMatchObject({ child: null, quarantined: [], phase: 'probation' });
  expect(waiting.blocked).toContain('looked at again every 2 s');
  const told = await readFile(daemon.log, 'utf8');
  expect(told.split('the client is not started')).toHaveLength(2);
  await give();
  await world.until('1.1.0 is committed', runs(next));
  expect((await world.history()).map(({ event }) => event)).not.toContain('quarantined');
}, 120_000);
