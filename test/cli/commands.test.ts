import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processAt } from '../../src/process/who/processes.ts';
import { type RunningDaemon, runDaemon } from '../support/cli/daemon.ts';
import { type Scratch, scratch } from '../support/cli/home.ts';

// One daemon and two clients, one test after the other: each leaves things as the next one needs them.
const client = '#!/bin/sh\ntrap "exit 0" INT\necho up\nwhile [ -e "$0" ]; do sleep 0.05; done\n';
const quick = { health: { minHealthyTime: '200ms' }, stop: { grace: '5s' }, restart: { delay: '50ms' } };

let here: Scratch;
let daemon: RunningDaemon;
let one: string;
let isReady = false;

beforeAll(async () => {
  here = await scratch();
  one = await here.publish('vault', '1.0.0', client);
  await here.publish('oracle', '3.0.0', `${client}# oracle\n`);
  await here.configure({ vault: quick, oracle: quick });
  daemon = runDaemon(here);
  await daemon.says('vaultvisor runs');
  await until(async () => (await status()).instances.every(({ ok }) => ok));
  isReady = true;
});

afterAll(async () => {
  if (!isReady) console.error(daemon.log());
  await daemon.end('SIGTERM');
  await here.remove();
});

interface Page {
  readonly instances: {
    readonly client: string;
    readonly ok: boolean;
    readonly child: { pid: number } | null;
    readonly [key: string]: unknown;
  }[];
  readonly daemon: { readonly pid: number; readonly file: string } | null;
}

const run = (line: string) => here.run(...line.split(' '), '--config', here.file);

async function status(): Promise<Page> {
  const { stdout } = await run('status --json');
  return JSON.parse(stdout);
}

async function vault() {
  const found = (await status()).instances.find((instance) => instance.client === 'vault');
  if (found === undefined) throw new Error('the vault is missing');
  return found;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}

const isAlive = (pid: number | undefined): boolean => pid !== undefined && processAt(pid) !== null;

describe('answers', () => {
  test('status: JSON alone on stdout, with the keys of the contract, in the order of the file; exit 0', async () => {
    const { code, stdout, stderr } = await run('status --json');
    const page: Page = JSON.parse(stdout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(page.instances.map((instance) => instance.client)).toEqual(['vault', 'oracle']);
    expect(page.daemon).toMatchObject({ pid: daemon.pid, file: here.file });
    expect(page.instances[0]).toMatchObject({
      network: 'testnet',
      phase: 'running',
      verdict: 'healthy',
      current: { checksum: one, version: '1.0.0', uri: `file://${here.folder}/vault-1.0.0` },
      previous: null,
      next: null,
      queued: null,
      child: { checksum: one },
      quarantined: [],
      held: null,
      stopped: false,
      configured: true,
      chain: null,
    });
  });

  test('status for a person, of one client; --config before the words, and by the environment', async () => {
    const { code, stdout } = await here.run('--config', here.file, 'status', 'testnet/vault');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^vaultvisor 0\.1\.0, pid \d+, up .*\n\n● testnet\/vault {2}running, healthy\n {4}release {3}1\.0\.0 \(0x[0-9a-f]{8}…\)\n {4}child {5}pid \d+, up .* ?s\n$/,
    );
  });

  test('history: an object a line, oldest first, as an update is told', async () => {
    const { stdout } = await run('history testnet/vault --json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(['announced', 'fetched', 'started', 'committed']);
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).sort());
    expect(lines[0]).toMatchObject({
      network: 'testnet',
      client: 'vault',
      checksum: one,
      at: expect.stringMatching(/Z$/),
    });
  });

  test('history of all, the newest two', async () => {
    const all = (await run('history --json')).stdout.trimEnd().split('\n');
    expect((await run('history --json --limit 2')).stdout.trimEnd().split('\n')).toEqual(all.slice(-2));
    expect((await run('history --limit 1')).stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}testnet\/\w+ {2}✔ update to .*\n {4}named → fetched and proved in .* → started → committed after .*\n$/,
    );
  });

  test('check says what would happen, and nothing does', async () => {
    const { code, stdout } = await run('check testnet/vault --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).instances).toMatchObject([
      {
        source: { current: { checksum: one }, trouble: null },
        runs: { version: '1.0.0' },
        would: 'nothing: what is named runs',
      },
    ]);
  });

  test('which: the path of the program that runs, and nothing else', async () => {
    const { code, stdout } = await run('which testnet/vault');
    expect(code).toBe(0);
    expect(await readFile(stdout.trimEnd(), 'utf8')).toBe(client);
    expect(stdout).toMatch(/^\/.*\/deployments\/[0-9a-f]{64}\/vault-1\.0\.0\n$/);
  });

  test('version: ours and the daemon’s', async () => {
    expect((await run('version')).stdout).toBe(`vaultvisor 0.1.0\nthe daemon that runs (pid ${daemon.pid}) is 0.1.0\n`);
    expect(JSON.parse((await run('version --json')).stdout)).toMatchObject({
      version: '0.1.0',
      daemon: { pid: daemon.pid },
    });
  });
});

describe('acts', () => {
  test('where several fit, one is asked for and nothing is done', async () => {
    for (const line of ['hold', 'stop testnet', 'rollback', 'which'])
      expect(await run(line), line).toEqual({
        code: 64,
        stdout: '',
        stderr: `vaultvisor: ${line.includes('testnet') ? 'testnet has' : 'There are'} several clients: name one\n  There are: testnet/vault, testnet/oracle.\n`,
      });
    expect((await run('hold testnet/vualt')).stderr).toBe(
      'vaultvisor: There is no testnet/vualt here\n  Did you mean testnet/vault? There are: testnet/vault, testnet/oracle.\n',
    );
    expect(await vault()).toMatchObject({ held: null, stopped: false });
  });

  test('hold and unhold: the child runs on', async () => {
    const { child } = await vault();
    expect((await run('hold testnet/vault --for 24h')).stdout).toMatch(
      /^testnet\/vault is held until .* UTC \(in 1 d\): no switches; its child runs on\.\n$/,
    );
    expect(await vault()).toMatchObject({ held: { until: expect.stringMatching(/Z$/) }, child });
    expect((await run('resume testnet/vault')).stdout).toBe('testnet/vault is no longer held.\n');
    expect((await run('pause testnet/vault')).stdout).toMatch(
      /^testnet\/vault is held until .*\(in 1 d\): no switches; its child runs on\.\n$/,
    );
    await run('unhold testnet/vault');
    expect(await vault()).toMatchObject({ held: null, child });
  });

  test('stop ends when the child has left, start and restart when one is up', async () => {
    const before = (await vault()).child?.pid;
    expect(await run('stop testnet/vault')).toMatchObject({
      code: 0,
      stdout: 'testnet/vault is stopped, until start.\n',
    });
    expect(isAlive(before)).toBe(false);
    expect(await run('status testnet/vault')).toMatchObject({ code: 3 });
    expect(await run('restart testnet/vault')).toMatchObject({
      code: 64,
      stderr: 'vaultvisor: The client was stopped by a person\n  Use start.\n',
    });
    const started = await run('start testnet/vault');
    const first = (await vault()).child?.pid;
    expect(started).toMatchObject({ code: 0, stdout: `testnet/vault runs as pid ${first}.\n` });
    const restarted = await run('restart testnet/vault');
    const second = (await vault()).child?.pid;
    expect(restarted).toMatchObject({ code: 0, stdout: `testnet/vault runs as pid ${second}.\n` });
    expect(second).not.toBe(first);
    expect(isAlive(first)).toBe(false);
    await until(async () => (await vault())['verdict'] === 'healthy');
  });

  test('what can do nothing is refused in two lines, and changes nothing', async () => {
    expect(await run('rollback testnet/vault')).toMatchObject({ code: 64, stdout: '' });
    expect(await run('retry testnet/vault')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'vaultvisor: Nothing is quarantined\n  Nothing was changed.\n',
    });
    const unknown = await run(`pin testnet/vault ${'a'.repeat(64)}`);
    expect(unknown.stderr).toMatch(
      /^vaultvisor: Nobody says where the bytes of 0xa{64} are: .*\n {2}Nothing was changed\. Say it with --uri URI\.\n$/,
    );
    expect(await vault()).toMatchObject({ pinned: null, ok: true });
  });

  test('pin with an address, then unpin', async () => {
    const path = await here.write('other', `${client}# other\n`);
    const sum = await import('node:crypto').then(async ({ hash }) => hash('sha256', await readFile(path), 'hex'));
    expect((await run(`pin testnet/vault --uri file://${path} --forever ${sum}`)).stdout).toBe(
      `testnet/vault is pinned to 0x${sum.slice(0, 8)}… until unpin.\n`,
    );
    await until(async () => ((await vault())['current'] as { checksum: string }).checksum === `0x${sum}`);
    expect(await vault()).toMatchObject({
      pinned: { checksum: `0x${sum}`, forever: true },
      previous: { checksum: one },
    });
    expect((await run('rollback testnet/vault')).stdout).toMatch(/^testnet\/vault goes back to 1\.0\.0/);
    expect((await run('unpin testnet/vault')).stdout).toBe('testnet/vault follows its source again.\n');
    expect((await run(`retry testnet/vault ${sum}`)).stdout).toBe(
      `testnet/vault lets in 0x${sum.slice(0, 8)}… again.\n`,
    );
    await until(async () => (await vault()).ok && (await vault())['verdict'] === 'healthy');
  });
});

describe('the args file', () => {
  test('validate, show and schema', async () => {
    expect(await run('config validate')).toEqual({
      code: 0,
      stdout: `${here.file} is valid: 1 network, 2 clients\n`,
      stderr: '',
    });
    expect(JSON.parse((await run('config validate --json')).stdout)).toEqual({ ok: true, problems: [] });
    const shown = JSON.parse((await run('config show')).stdout);
    expect(shown.networks.testnet.clients.vault).toMatchObject({ keep: 1, stop: { signal: 'SIGINT', grace: '5s' } });
    const origins = (await run('config show --origin')).stdout.split('\n');
    expect(origins).toContain('built in\tnetworks.testnet.clients.vault.keep = 1');
    expect(origins.filter((line) => line.includes('vault.stop.grace'))).toEqual([
      expect.stringMatching(/^(client|defaults)\tnetworks\.testnet\.clients\.vault\.stop\.grace = "5s"$/),
    ]);
    expect(JSON.parse((await run('config schema')).stdout)).toMatchObject({ title: 'vaultvisor args file' });
  });

  test('apply tells what changes, and that nothing does', async () => {
    expect((await run('apply')).stdout).toBe('Accepted; nothing changes.\n');
    expect(JSON.parse((await run('apply --json')).stdout)).toEqual({ changes: [], last: null });
    const other = await here.write('copy.json', await readFile(here.file, 'utf8'));
    expect(await here.run('apply', '--config', other)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(`reads ${here.file}, not ${other}`),
    });
  });

  test('an invalid one is refused with path and value; what only needs the home goes on', async () => {
    const good = await readFile(here.file, 'utf8');
    await writeFile(here.file, good.replace('"5s"', '"5 parsecs"'));
    for (const line of ['apply', 'config validate', 'check', 'config show']) {
      const refused = await run(line);
      expect(refused, line).toMatchObject({ code: 78, stdout: '' });
      expect(refused.stderr, line).toContain('networks.testnet.clients.vault.stop.grace = "5 parsecs"');
    }
    expect(await run('config validate --json')).toMatchObject({ code: 78, stderr: '' });
    expect(await run('status --json')).toMatchObject({ code: 0 });
    expect(await run('history --json --limit 1')).toMatchObject({ code: 0 });
    expect(await run('which testnet/vault')).toMatchObject({ code: 0 });
    expect(await run('hold testnet/oracle')).toMatchObject({ code: 0 });
    expect(await run('unhold testnet/oracle')).toMatchObject({ code: 0 });
    await until(async () => (await run('status')).stdout.includes('was refused; the one before stays in force:'));
    await writeFile(here.file, good);
    await until(async () => !(await run('status')).stdout.includes('was refused'));
  });

  test('what it no longer names runs on until apply --allow-remove', async () => {
    await here.configure({ vault: quick });
    expect(await run('apply')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Accepted/) });
    const kept = (await status()).instances;
    expect(kept.map(({ client: name, configured }) => [name, configured])).toEqual([
      ['vault', true],
      ['oracle', false],
    ]);
    const removed = await run('apply --allow-remove');
    expect(removed).toMatchObject({ code: 0 });
    expect((await status()).instances.map(({ client: name }) => name)).toEqual(['vault']);
    expect(isAlive(kept[1]?.child?.pid)).toBe(false);
    expect((await run('history testnet/oracle --json')).code).toBe(0);
  });
});

test('check ends 69 where a source cannot be read, and says so of its client', async () => {
  const text = await readFile(join(here.folder, 'vault.json'), 'utf8');
  await writeFile(join(here.folder, 'vault.json'), '{');
  const { code, stdout } = await run('check');
  expect(code).toBe(69);
  expect(stdout).toMatch(/names {5}unknown: .*vault\.json/);
  await writeFile(join(here.folder, 'vault.json'), text);
});

test('a second daemon for this home ends 75 and names the first', async () => {
  const second = await here.spawn('run', '--config', here.file);
  expect(second.code).toBe(75);
  expect(second.stderr).toContain(`pid ${daemon.pid}`);
  expect(second.stderr, 'an end with words is no bug').not.toContain('nobody caught this');
  expect(await status()).toMatchObject({ daemon: { pid: daemon.pid } });
});
