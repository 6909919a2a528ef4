import { execFile, execFileSync } from 'node:child_process';
import { chmod, readFile, stat } from 'node:fs/promises';
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
  const good = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: {} }, control);
  world.start();
  await world.until('it serves', runs(good));
  return world;
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
  'members of control.group read status, history and check; they change nothing, and others read nothing',
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
    const logs = await ask('logs', place);
    expect([logs.code, logs.out]).toEqual([0, expect.stringContaining('vault 1.0.0 serves')]);
    expect((await ask('logs', '--follow')).code).toBe(77);
    for (const words of [['hold'], ['stop'], ['apply'], ['notify', 'test']])
      expect((await ask(...words)).code).toBe(77);
    expect((await world.status())?.held).toBeNull();

    const stranger = await runAs(54_322, ['--config', world.config, 'status'], env);
    expect([stranger.code, stranger.out]).toEqual([77, '']);

    await world.write({ [place]: {} });
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

    await world.write({ [place]: {} }, { control: { group: 'no-such-group' } });
    const log = () => readFile(join(world.folder, 'daemon.log'), 'utf8');
    await expect.poll(log, patiently).toContain('There is no group no-such-group on this machine');
    expect(await modeOf(world.home)).toBe('700');
    expect((await world.run('status')).code).toBe(0);
  },
);
