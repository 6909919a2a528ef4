import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { contentOf, readMarker } from '../../src/data/marker.ts';
import { backupsOf, databaseOf, migrationsOf, PLACE, servedMeanwhile, writeMigration } from '../support/migration.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

const data = { dir: '{data}/db' };
const table = (world: World) => readFile(join(databaseOf(world), 'table'), 'utf8');
const inPlace = (text: string) => `printf '${text}' | dd of=table conv=notrunc status=none`;

/** 1.0.0 runs, and its data are there. */
async function served(settings: object = { data }): Promise<World> {
  const world = await createWorld();
  await mkdir(databaseOf(world), { recursive: true });
  await writeFile(join(databaseOf(world), 'table'), 'form 1, two payments');
  const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
  await world.write({ [PLACE]: settings });
  world.start();
  await world.until('1.0.0 runs', runs(one));
  return world;
}

const steady = { version: '2.0.0', manner: 'steady' } as const;

test('data are backed up and migrated while no client is up, in one switch', async () => {
  const world = await served();
  const first = await writeMigration(world, 'first', inPlace('form 2'));
  const second = await writeMigration(world, 'second', `${inPlace('form 3')}; cat /proc/net/dev > net`);
  const migrations = [{ ...first, to: '1.5.0' }, second];
  const two = await world.name(PLACE, steady, { terms: { migrations } });
  await world.until('2.0.0 runs', runs(two));
  expect(await table(world)).toBe('form 3, two payments');
  expect((await migrationsOf(world)).map(({ what }) => what)).toEqual(['start', 'end', 'start', 'end']);
  expect(await servedMeanwhile(world)).toEqual([]);
  expect(await twice(world)).toEqual([]);
  const said = readFileSync(join(world.home, 'instances', PLACE, 'logs', 'migration.log'), 'utf8');
  expect(said).toBe(`from 1.0.0 to 1.5.0 in ${databaseOf(world)}\nfrom 1.5.0 to 2.0.0 in ${databaseOf(world)}\n`);
  const [update = '', ...others] = readdirSync(backupsOf(world));
  expect(others).toEqual([]);
  const backup = await readMarker(join(backupsOf(world), update));
  expect(backup?.marker).toMatchObject({ update, dir: databaseOf(world), from: '1.0.0', to: '2.0.0', usedAt: null });
  expect(readFileSync(join(contentOf(join(backupsOf(world), update)), 'table'), 'utf8')).toBe('form 1, two payments');
  expect(existsSync(join(world.home, 'instances', PLACE, 'migration'))).toBe(false);
});

test.each([
  [
    'says no',
    `${inPlace('form ?')}; echo 'cannot read column 7'; exit 3`,
    'exited with status 3; its last line was “cannot read column 7”',
  ],
  ['is killed', `${inPlace('form ?')}; kill -9 $$`, 'killed by SIGKILL'],
  [
    'never ends, and its child neither',
    `${inPlace('form ?')}; (trap '' TERM INT; sleep 1000 & wait) & sleep 1000`,
    'did not end within 1 s (data.deadline)',
  ],
])('a migration that %s: the data are put back, and the former release goes on', async (_, body, reason) => {
  const world = await served({ data: { ...data, deadline: '1s' } });
  const migration = await writeMigration(world, 'bad', body);
  const bad = await world.name(PLACE, steady, { terms: { migrations: [migration] } });
  const back = await world.until(
    '1.0.0 runs again',
    ({ phase, verdict, quarantined, child }) =>
      phase === 'running' && verdict === 'healthy' && quarantined.length > 0 && child !== null,
  );
  expect(back.current?.version).toBe('1.0.0');
  expect(back.quarantined).toMatchObject([{ checksum: bad.checksum, reason: expect.stringContaining(reason) }]);
  expect(await table(world)).toBe('form 1, two payments');
  expect(readdirSync(databaseOf(world))).toEqual(['table']);
  expect(readdirSync(join(databaseOf(world), '..')).filter((name) => name.startsWith('db'))).toEqual(['db']);
  expect(readdirSync(backupsOf(world))).toEqual([]);
  expect(await twice(world)).toEqual([]);
});

test('killed at any moment of a migrating update, the daemon finds the data before or after it, and brings it to its end', async () => {
  const world = await createWorld();
  await mkdir(databaseOf(world), { recursive: true });
  await writeFile(join(databaseOf(world), 'table'), 'form 1, two payments');
  const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
  await world.write({ [PLACE]: { data } });
  let daemon = world.start();
  await world.until('1.0.0 runs', runs(one));
  const migration = await writeMigration(world, 'slow', `${inPlace('form ?')}; sleep 0.4; ${inPlace('form 2')}`);
  const two = await world.name(PLACE, steady, { terms: { migrations: [migration] } });
  for (let kill = 0; kill < 8; kill += 1) {
    await sleep(150 + Math.random() * 700);
    daemon.kill('SIGKILL');
    await daemon.ended;
    daemon = world.start();
  }
  await world.until('2.0.0 runs', runs(two));
  expect(await table(world)).toBe('form 2, two payments');
  expect(readdirSync(databaseOf(world))).toEqual(['table']);
  expect((await migrationsOf(world)).map(({ what }) => what)).not.toContain('half');
  expect(await servedMeanwhile(world)).toEqual([]);
  expect(await twice(world)).toEqual([]);
});

test('a release that migrates data waits where nobody said where they lie', async () => {
  const world = await served({});
  const migration = await writeMigration(world, 'first', inPlace('form 2'));
  const before = await world.status();
  await world.name(PLACE, steady, { terms: { migrations: [migration] } });
  await world.until('it is told', (status) => JSON.stringify(status).includes('data.dir'));
  await sleep(500);
  expect((await world.status())?.child).toEqual(before?.child);
  expect(await migrationsOf(world)).toEqual([]);
});

test('where the operator accepts the loss, a failed probation puts the data back too', async () => {
  const world = await served({ data: { ...data, rollback: 'restore' } });
  const migration = await writeMigration(world, 'first', inPlace('form 2'));
  const bad = await world.name(PLACE, { version: '2.0.0', manner: 'crash' }, { terms: { migrations: [migration] } });
  const back = await world.until(
    '1.0.0 runs again',
    ({ phase, verdict, quarantined }) => phase === 'running' && verdict === 'healthy' && quarantined.length > 0,
  );
  expect(back.quarantined).toMatchObject([{ checksum: bad.checksum }]);
  expect(back.child?.checksum).not.toBe(bad.checksum);
  expect(await table(world)).toBe('form 1, two payments');
});

test('what would refuse the migration is told before anything is stopped', async () => {
  const world = await served();
  const before = await world.status();
  const path = join(world.folder, 'text');
  await writeFile(path, '#!/nowhere/interpreter\n');
  const checksum = `0x${hash('sha256', await readFile(path), 'hex')}`;
  const elsewhere = { kind: 'data', checksum, uri: `file://${path}` };
  await world.name(PLACE, steady, { terms: { migrations: [elsewhere] } });
  const waiting = async (words: string) => {
    await world.until(words, ({ next }) => next?.waitsFor?.includes(words) === true);
    expect((await world.status())?.child).toEqual(before?.child);
  };
  await waiting('needs the interpreter /nowhere/interpreter');
  const migration = await writeMigration(world, 'first', inPlace('form 2'));
  await rm(databaseOf(world), { recursive: true });
  await world.name(PLACE, { ...steady, version: '2.0.1' }, { terms: { migrations: [migration] } });
  await waiting('cannot be found');
  expect(await migrationsOf(world)).toEqual([]);
});

test.each(['the daemon', 'nobody'])(
  'by hand, while %s runs: the data come back, and with them the release that ran on them',
  async (who) => {
    const world = await createWorld();
    await mkdir(databaseOf(world), { recursive: true });
    await writeFile(join(databaseOf(world), 'table'), 'form 1, two payments');
    const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
    await world.write({ [PLACE]: { data } });
    let daemon = world.start();
    await world.until('1.0.0 runs', runs(one));
    expect((await world.run('backups', 'list')).err).toBe('There is no backup here.\n');
    const migration = await writeMigration(world, 'first', inPlace('form 2'));
    const two = await world.name(PLACE, steady, { terms: { migrations: [migration] } });
    await world.until('2.0.0 runs', runs(two));
    const listed = JSON.parse((await world.run('backups', 'list', '--json')).out);
    expect(listed).toMatchObject([
      { needed: true, state: 'complete', made: { from: '1.0.0', to: '2.0.0', dir: databaseOf(world) } },
    ]);
    const { update } = listed[0];
    expect((await world.run('backups', 'list')).out).toMatch(
      /1\.0\.0 → 2\.0\.0 {2}\d+\.\d MiB.* {2}complete, still needed\n$/,
    );
    const sound = await world.run('backups', 'verify', '--json');
    expect({ code: sound.code, ...JSON.parse(sound.out) }).toMatchObject({
      code: 0,
      ok: true,
      backups: [{ update, wrong: [] }],
    });
    expect((await world.run('backups', 'prune')).err).toContain('Nothing was removed');
    const refused = await world.run('backups', 'restore', update);
    expect(refused).toMatchObject({ code: 64, err: expect.stringContaining('The client is not stopped') });
    expect((await world.run('backups', 'restore', '1-aa')).code).toBe(64);
    expect(await table(world)).toBe('form 2, two payments');
    await world.run('stop');
    if (who === 'nobody') {
      daemon.kill('SIGTERM');
      await daemon.ended;
    }
    expect(await world.run('backups', 'restore', update)).toMatchObject({ code: 0, err: '' });
    expect(await table(world)).toBe('form 1, two payments');
    if (who === 'nobody') daemon = world.start();
    await world.until('it is there', ({ phase }) => phase === 'running');
    expect((await world.status())?.child).toBeNull();
    await world.run('start');
    await world.until('1.0.0 runs', runs(one));
    expect(await table(world)).toBe('form 1, two payments');
    await appendFile(join(backupsOf(world), update, 'data', 'table'), '!');
    expect(await world.run('backups', 'verify')).toMatchObject({
      code: 74,
      out: `${PLACE} ${update}: table has 21 bytes, and had 20\n`,
    });
    const [network, client] = PLACE.split('/');
    const { code, out, err } = await world.run('backups', 'verify', '--json');
    expect({ code, err, ...JSON.parse(out) }).toEqual({
      code: 74,
      err: '',
      ok: false,
      backups: [{ network, client, update, state: 'damaged', wrong: ['table has 21 bytes, and had 20'] }],
    });
    expect(await twice(world)).toEqual([]);
  },
);
