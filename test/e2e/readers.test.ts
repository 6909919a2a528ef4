import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createWorld, runs, type World } from '../support/world.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const place = 'kintsugi/vault';
const patiently = { timeout: 30_000 };

// no such user or group need be there: the kernel counts numbers
const gid = 54_321;
const isRoot = process.getuid?.() === 0;

/** As another user, and a member of one group. */
const as = (group: number): readonly string[] => ['--reuid', '12345', '--regid', '12345', '--groups', String(group)];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function runAs(group: number, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) =>
    execFile('setpriv', [...as(group), process.execPath, main, ...words], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    ),
  );
}

/** Where a checkout is closed to other users, the socket alone can be tried by one. */
function mayReadProgram(): boolean {
  try {
    execFileSync('setpriv', [...as(gid), process.execPath, main, 'version'], { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    process.stderr.write('another user cannot read this checkout: the commands are not tried as one\n');
    return false;
  }
}

async function servedWorld(control: object): Promise<World> {
  const world = await createWorld();
  // the scratch folder is ours alone, as no /var/lib is
  await chmod(world.folder, 0o711);
  const path = join(world.folder, 'client');
  await writeFile(path, client, { mode: 0o755 });
  const good = await world.nameFile(place, path, '1.0.0');
  await world.write({ [place]: told }, control);
  world.start();
  await world.until('it serves', runs(good));
  return world;
}

/** Says what it was told to keep to itself, and goes on speaking. */
const client = `#!/bin/sh
trap "exit 0" INT
echo "Starting all services, with $API_TOKEN"
n=0; while :; do n=$((n + 1)); echo "vault 1.0.0 serves $n"; sleep 0.3; done
`;
const secret = 'planted-7f3a9c';
const told = { env: { API_TOKEN: secret } };

/** The same of a command that goes on: until what it says holds. */
async function follow(words: readonly string[], env: NodeJS.ProcessEnv, holds: (out: string) => boolean) {
  const child = spawn('setpriv', [...as(gid), process.execPath, main, ...words], { env });
  let out = '';
  for await (const chunk of child.stdout) {
    out += chunk;
    if (holds(out)) break;
  }
  const left = once(child, 'exit');
  child.kill('SIGKILL');
  await left;
  return out;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

function post(socketPath: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/v1/act', method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end(JSON.stringify({ network: 'kintsugi', client: 'vault', act: { act: 'stop' } }));
  });
}

test.skipIf(!isRoot)(
  'members of control.group read status, history, output and check; they change nothing, and others read nothing',
  async () => {
    const world = await servedWorld({ control: { group: String(gid) } });
    const [control, folder, socket] = ['control.sock', 'control', 'control/read.sock'].map((name) =>
      join(world.home, name),
    );
    await expect.poll(() => modeOf(folder!).catch(() => ''), patiently).toBe('750');
    expect([await modeOf(world.home), await modeOf(control!), await modeOf(socket!)]).toEqual(['710', '600', '660']);
    expect((await stat(socket!)).gid).toBe(gid);
    // by the socket of the readers not even root changes anything
    const before = await world.status();
    expect(await post(socket!)).toBe(422);
    expect(await world.status()).toEqual(before);
    if (!mayReadProgram()) return;

    const env = {
      PATH: process.env['PATH'],
      VAULTVISOR_HOME: world.home,
      VAULTVISOR_LOCKS: join(world.folder, 'locks'),
      NO_COLOR: '1',
    };
    await chmod(world.config, 0o600);
    const ask = (...words: string[]) => runAs(gid, ['--config', world.config, ...words], env);
    const status = await ask('status');
    expect([status.code, status.err]).toEqual([0, '']);
    expect(status.out).toContain('kintsugi/vault');
    const history = await ask('history', '--json');
    const written = (await world.history()).map(({ event }) => event);
    expect(
      history.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event),
    ).toEqual(written);
    const check = await ask('check', place);
    expect([check.code, check.out]).toEqual([0, expect.stringContaining('nothing: what is named runs')]);
    const logs = await ask('logs', place, '-n', '100000');
    expect(logs).toMatchObject({ code: 0, err: '' });
    expect(logs.out).toMatch(/^── kintsugi\/vault 1\.0\.0 .*, pid \d+, since .* UTC\nStarting all services, with /);
    expect(logs.out).not.toContain(secret);
    // over a restart, as it happens; then the run before too
    const runsIn = (out: string) => [...out.matchAll(/^── /gm)].length;
    const following = follow(['--config', world.config, 'logs', '-f', '-n', '1'], env, (out) => runsIn(out) === 2);
    await world.run('restart');
    expect(await following).not.toContain(secret);
    const past = (await ask('logs', '--past', '--json')).out.trim().split('\n');
    expect(new Set(past.map((line) => JSON.parse(line).pid)).size).toBe(2);
    expect((await ask('logs', 'nobody')).code).toBe(64);
    expect(await ask('which')).toEqual({ ...(await world.run('which')), code: 0 });
    expect(await ask('backups', 'list')).toEqual(await world.run('backups', 'list'));
    expect((await ask('version')).out).toContain('the daemon that runs (pid ');
    expect((await ask('complete', '--', 'logs', 'kin')).out).toContain(place);
    const refused = [['stop'], ['apply'], ['stage'], ['args', 'show'], ['config', 'show'], ['doctor']];
    for (const words of refused) {
      const { code, out, err } = await ask(...words);
      expect({ words, code, out, err }).toEqual({
        words,
        code: 77,
        out: '',
        err: expect.stringContaining('you may use'),
      });
    }
    expect((await world.status())?.stopped).toBe(false);

    const stranger = await runAs(54_322, ['--config', world.config, 'status'], env);
    expect([stranger.code, stranger.out]).toEqual([77, '']);

    await world.write({ [place]: told });
    await expect.poll(() => modeOf(world.home), patiently).toBe('700');
    await expect
      .poll(
        () =>
          stat(folder!).then(
            () => 'there',
            () => 'gone',
          ),
        patiently,
      )
      .toBe('gone');
    expect((await ask('status')).code).toBe(77);

    await world.write({ [place]: told }, { control: { group: 'no-such-group' } });
    const log = () => readFile(join(world.folder, 'daemon.log'), 'utf8');
    await expect.poll(log, patiently).toContain('There is no group no-such-group on this machine');
    expect(await modeOf(world.home)).toBe('700');
    expect((await world.run('status')).code).toBe(0);
  },
  240_000,
);
