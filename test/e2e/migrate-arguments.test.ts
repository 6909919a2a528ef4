import { chmod, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { sha256 } from '../support/install-room.ts';
import { createWorld, type World } from '../support/world.ts';

/** A client that takes only the flags it knows, and writes down how it was started. */
const client = (version: string, flag: string) => `#!/bin/sh
for a in "$@"; do case "$a" in --*) case " --keyfile --config ${flag} " in *" $a "*) ;; *) echo "unexpected $a" >&2; exit 2;; esac;; esac; done
while [ $# -gt 1 ]; do [ "$1" = --config ] && config=$2; shift; [ "$1" = ${flag} ] && value=$2; done
echo "${version} ${flag} $value greeting=$GREETING $(cat "$config" 2>/dev/null | tr '\\n' ';')" >> started
echo 'Starting all services'
trap 'echo ${version} INT >> left; exit 0' INT
trap 'echo ${version} TERM >> left; exit 0' TERM
while :; do sleep 0.05; done
`;

/** From --old-flag to --new-flag, and a line more in the config file. */
const migration = `#!${process.execPath}
let s = ''; process.stdin.on('data', (c) => { s += c; }).on('end', () => {
  const m = JSON.parse(s);
  m.args = m.args.map((a) => a === '--old-flag' ? '--new-flag' : a);
  m.env.GREETING = (m.from && m.from.version) + '-to-' + m.to.version;
  for (const name in m.files) m.files[name] += 'migrated\\n';
  process.stdout.write(JSON.stringify(m));
});
`;

interface Published {
  readonly checksum: string;
}

async function publish(
  world: World,
  version: string,
  program: string,
  scripts: readonly string[] = [],
): Promise<Published> {
  const put = async (name: string, text: string) => {
    await writeFile(join(world.folder, name), text);
    return { uri: `file://${join(world.folder, name)}`, checksum: `0x${sha256(text)}` };
  };
  const release = await put(`vault-${version}`, program);
  const migrations = [];
  for (const [index, script] of scripts.entries())
    migrations.push({ kind: 'arguments', ...(await put(`migrate-${version}-${index}`, script)) });
  const manifest = join(world.folder, 'kintsugi-vault.json');
  await writeFile(`${manifest}.new`, JSON.stringify({ version, ...release, migrations }));
  await rename(`${manifest}.new`, manifest);
  return release;
}

const serves =
  ({ checksum }: Published, not?: string) =>
  ({ phase, verdict, current, child }: InstanceStatus) =>
    phase === 'running' &&
    verdict === 'healthy' &&
    current?.checksum === checksum &&
    child !== null &&
    current.deployment !== not;

const started = async ({ home }: World): Promise<readonly string[]> =>
  (await readFile(join(home, 'instances/kintsugi/vault/data/started'), 'utf8').catch(() => '')).trimEnd().split('\n');

const deployments = ({ home }: World) => readdir(join(home, 'instances/kintsugi/vault/deployments'));

async function scene() {
  const world = await createWorld();
  const toml = join(world.folder, 'operator.toml');
  await writeFile(toml, 'limit = 3\n');
  await writeFile(join(world.folder, 'key.json'), '{"me": "//Alice"}');
  const settings = (value: string, more: object = {}) => ({
    args: ['--keyfile', join(world.folder, 'key.json'), '--old-flag', value, '--config', '{files}/vault.toml'],
    env: { RPC_PASSWORD: 'correct horse' },
    files: { 'vault.toml': toml },
    ...more,
  });
  const one = await publish(world, '1.0.0', client('1.0.0', '--old-flag'));
  await world.write({ 'kintsugi/vault': settings('3') });
  const daemon = world.start();
  await world.until('the first release serves', serves(one));
  return { world, toml, settings, one, daemon };
}

test('a release that needs other arguments gets them migrated; going back is free; an edit is migrated again', async () => {
  const { world, toml, settings, one } = await scene();
  const two = await publish(world, '2.0.0', client('2.0.0', '--new-flag'), [migration]);
  await world.until('the second release serves', serves(two));
  expect((await started(world)).at(-1)).toBe('2.0.0 --new-flag 3 greeting=1.0.0-to-2.0.0 limit = 3;migrated;');
  expect(await readFile(toml, 'utf8')).toBe('limit = 3\n');
  expect(await readFile(world.config, 'utf8')).toContain('--old-flag');

  await world.run('rollback');
  await world.until('the first is back', serves(one));
  expect((await started(world)).at(-1)).toBe('1.0.0 --old-flag 3 greeting= limit = 3;');

  await world.run('retry');
  const again = await world.until('the second is let in again', serves(two));
  await world.write({ 'kintsugi/vault': settings('5') });
  await world.until('the edit serves', serves(two, again.current?.deployment));
  expect((await started(world)).at(-1)).toMatch(/^2\.0\.0 --new-flag 5 greeting=.*-to-2\.0\.0 limit = 3;migrated;$/);

  await writeFile(toml, 'limit = 9\n');
  const before = await world.status();
  const { code, out } = await world.run('apply');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('files changed: a new deployment') });
  await world.until('the edited config file serves', serves(two, before?.current?.deployment));
  expect((await started(world)).at(-1)).toMatch(/ limit = 9;migrated;$/);
  const log = await readFile(join(world.folder, 'daemon.log'), 'utf8');
  expect(log).toContain('the arguments were migrated');
  expect(log).not.toContain('correct horse');
});

test.each([
  ['prints nothing', '#!/bin/sh\ncat > /dev/null\n', 'wrote nothing'],
  ['writes without end', '#!/bin/sh\nexec cat /dev/zero\n', 'wrote more than'],
  ['never ends', '#!/bin/sh\nsleep 1000\n', 'did not end within 0.5 s'],
  [
    'changes the account',
    migration.replace('m.env.GREETING', "m.args[1] = '/other/key.json'; m.env.GREETING"),
    'changes --keyfile',
  ],
])(
  'where a migration %s the old child serves on and the reason is said; a better one is taken',
  async (_, script, words) => {
    const { world, settings, one } = await scene();
    await world.write({ 'kintsugi/vault': settings('3', { migrateArguments: { timeout: '500ms' } }) });
    const before = await world.status();
    const known = await deployments(world);
    const two = await publish(world, '2.0.0', client('2.0.0', '--new-flag'), [script]);
    const refused = await world.until('it is refused', ({ next }) => next?.waitsFor?.includes(words) ?? false);
    expect(refused).toMatchObject({ verdict: 'healthy', child: before?.child, current: { checksum: one.checksum } });
    expect(await deployments(world)).toEqual(known);
    await world.write({ 'kintsugi/vault': settings('3') });
    await publish(world, '2.0.0', client('2.0.0', '--new-flag'), [migration]);
    await world.until('a better one is taken', serves(two));
  },
);

test('a config file that cannot be read is refused with words, and what serves goes on, over a restart too', async () => {
  const { world, toml, settings, one, daemon } = await scene();
  const before = await world.status();
  await rm(toml);
  expect(await world.run('apply')).toMatchObject({
    code: 78,
    err: expect.stringContaining('must be a file that can be read'),
  });
  expect((await world.status())?.child).toEqual(before?.child);
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  const after = await world.until(
    'it runs again',
    (status) => serves(one)(status) && status.child?.pid !== before?.child?.pid,
  );
  expect(after.current).toEqual(before?.current);
  expect((await started(world)).at(-1)).toBe('1.0.0 --old-flag 3 greeting= limit = 3;');
  await writeFile(toml, 'limit = 4\n');
  await world.write({ 'kintsugi/vault': settings('3') });
  expect((await world.run('apply')).code).toBe(0);
  await world.until('it is taken up', serves(one, before?.current?.deployment));
});

test('what the client wrote into its laid out config file does not outlive its next start', async () => {
  const { world, one } = await scene();
  const before = await world.status();
  const folder = join(world.home, 'instances/kintsugi/vault/deployments', before?.current?.deployment ?? '');
  await chmod(join(folder, 'files/vault.toml'), 0o600);
  await writeFile(join(folder, 'files/vault.toml'), 'limit = 1000\n');
  await world.run('restart');
  await world.until('it runs again', (status) => serves(one)(status) && status.child?.pid !== before?.child?.pid);
  expect((await started(world)).at(-1)).toBe('1.0.0 --old-flag 3 greeting= limit = 3;');
});

test('settings go by the version of the release: its arguments, its probes, and how it is stopped', async () => {
  const world = await createWorld();
  const one = await publish(world, '1.0.0', client('1.0.0', '--old-flag'));
  await world.write({
    'kintsugi/vault': {
      args: ['--config', 'none', '--old-flag', 'a'],
      env: { GREETING: 'hello' },
      health: {
        minHealthyTime: '300ms',
        healthyDeadline: '10s',
        exits: 2,
        probes: [{ command: ['grep', '-q', '^1.0.0', 'started'] }],
      },
      when: [
        {
          version: '>=2',
          args: ['--config', 'none', '--new-flag', 'b {version}'],
          stop: { signal: 'SIGTERM' },
          env: { MORE: 'x' },
          health: { probes: [{ command: ['grep', '-q', '^2.0.0', 'started'] }] },
        },
      ],
    },
  });
  world.start();
  await world.until('the first serves', serves(one));
  const two = await publish(world, '2.0.0', client('2.0.0', '--new-flag'));
  await world.until('the second serves', serves(two));
  expect((await started(world)).map((line) => line.trim())).toEqual([
    '1.0.0 --old-flag a greeting=hello',
    '2.0.0 --new-flag b 2.0.0 greeting=hello',
  ]);
  await world.run('stop');
  const left = await readFile(join(world.home, 'instances/kintsugi/vault/data/left'), 'utf8');
  expect(left).toBe('1.0.0 INT\n2.0.0 TERM\n');
});

test('args show tells what each deployment gets and why; args adopt writes it into the file, once somebody says yes', async () => {
  const { world, toml, one } = await scene();
  expect(await world.run('args', 'adopt', '--yes')).toMatchObject({
    code: 64,
    err: expect.stringContaining('nothing of kintsugi/vault to adopt'),
  });
  const two = await publish(world, '2.0.0', client('2.0.0', '--new-flag'), [migration]);
  const before = await world.until('the second release serves', serves(two));

  const { out } = await world.run('args', 'show');
  expect(out).toMatch(/your args .*--old-flag 3 .*\n.*your env +RPC_PASSWORD=\[hidden\]\n/);
  expect(out).toMatch(new RegExp(`migrated by +0x${sha256(migration)}\\n +gets args .*--new-flag 3 `));
  expect(out).toMatch(/gets file +vault\.toml, changed\n +previous +1\.0\.0/);
  const json = JSON.parse((await world.run('args', 'show', '--json')).out);
  expect(json.instances[0].deployments).toMatchObject([
    {
      is: 'current',
      checksum: two.checksum,
      migrations: [{ checksum: `0x${sha256(migration)}` }],
      result: { env: { RPC_PASSWORD: '[hidden]', GREETING: '1.0.0-to-2.0.0' } },
    },
    { is: 'previous', checksum: one.checksum, migrations: [] },
  ]);

  const text = await readFile(world.config, 'utf8');
  expect(await world.run('args', 'adopt', '--yes')).toMatchObject({
    code: 64,
    err: expect.stringContaining('changed config files too'),
  });
  expect(await world.run('args', 'adopt', '--files')).toMatchObject({
    code: 64,
    err: expect.stringContaining('Say it with --yes'),
  });
  expect(await readFile(world.config, 'utf8')).toBe(text);
  expect((await world.status())?.child).toEqual(before.child);

  await chmod(world.config, 0o640);
  const adopted = await world.run('args', 'adopt', '--files', '--yes');
  expect(adopted, adopted.err).toMatchObject({ code: 0, out: expect.stringContaining('restarted once') });
  await world.until('it was restarted with them', serves(two, before.current?.deployment));
  expect((await started(world)).at(-1)).toBe('2.0.0 --new-flag 3 greeting=1.0.0-to-2.0.0 limit = 3;migrated;');
  expect((await stat(world.config)).mode & 0o777).toBe(0o640);
  expect(await readFile(toml, 'utf8')).toBe('limit = 3\nmigrated\n');
  const formers = (await readdir(world.folder)).filter((name) => name.includes('.former-')).sort();
  expect(formers.map((name) => name.replace(/-\d{8}T\d{6}Z$/, ''))).toEqual([
    'args.json.former',
    'operator.toml.former',
  ]);
  expect(await readFile(join(world.folder, formers[0] ?? ''), 'utf8')).toBe(text);
  expect(await world.run('args', 'adopt', '--yes')).toMatchObject({ code: 64 });
});
