import { closeSync, existsSync, openSync, readdirSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDisk, noDisk } from '../../lab/support/disk/disk.ts';
import { unmountAll } from '../../lab/support/disk/mounts.ts';
import { readRecord } from '../../src/process/child-record.ts';
import { withoutNetwork } from '../../src/process/start/without-network.ts';
import { find } from '../../src/process/who/processes.ts';
import { backupsOf, databaseOf, migrationsOf, PLACE, servedMeanwhile, writeMigration } from '../support/migration.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

const MIB = 2 ** 20;
const two = { version: '2.0.0', manner: 'steady' } as const;
const table = (world: World) => readFile(join(databaseOf(world), 'table'), 'utf8');

async function withData(world: World): Promise<void> {
  await mkdir(databaseOf(world), { recursive: true });
  await writeFile(join(databaseOf(world), 'table'), 'form 1');
}

const lack = await noDisk('ext4');
if (lack !== null) console.warn(`no disk is filled here: ${lack.words}`);

test.skipIf(lack?.lacks === 'package' && process.env['CI'] !== 'true')(
  'a backup disk that fills after all was ready: the former client goes on, on untouched data, and the reason is said',
  async () => {
    expect(lack?.lacks).not.toBe('package');
    if (lack !== null) return;
    const world = await createWorld();
    const disk = join(world.folder, 'disk');
    onTestFinished(() => unmountAll(world.folder));
    makeDisk({ at: disk, image: `${disk}.image`, kind: 'ext4', bytes: 100 * MIB }).mount();
    await withData(world);
    await writeFile(join(databaseOf(world), 'large'), Buffer.alloc(10 * MIB, 1));
    const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
    await world.write({ [PLACE]: { data: { dir: '{data}/db', backupDir: disk } } });
    world.start();
    await world.until('1.0.0 runs', runs(one));
    await world.run('hold');
    const migration = await writeMigration(world, 'first', 'printf 2 > table');
    const next = await world.name(PLACE, two, { terms: { migrations: [migration] } });
    await world.until('it is ready', ({ next: ahead }) => ahead?.state === 'staged');
    fill(join(disk, 'filler'));
    await world.run('unhold');
    const back = await world.until(
      '1.0.0 runs again',
      ({ phase, verdict, child, quarantined }) =>
        phase === 'running' && verdict === 'healthy' && child !== null && quarantined.length > 0,
    );
    expect(back.current?.checksum).toBe(one.checksum);
    expect(back.quarantined).toMatchObject([
      { checksum: next.checksum, reason: expect.stringMatching(/the disk of .* has \d+ MiB left/) },
    ]);
    expect(await table(world)).toBe('form 1');
    expect(await migrationsOf(world)).toEqual([]);
    expect(existsSync(join(disk, PLACE)) ? readdirSync(join(disk, PLACE)) : []).toEqual([]);
    await rm(join(disk, 'filler'));
    await world.run('retry');
    await world.until('2.0.0 runs', runs(next));
    expect(await table(world)).toBe('2');
    expect(await twice(world)).toEqual([]);
  },
);

test('a migration that its supervisor left behind is ended before anything else, and the data are put back', async () => {
  const world = await createWorld();
  await withData(world);
  const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
  // who leaves its supervisor has for ever, as a client; a migration has not
  await world.write({ [PLACE]: { data: { dir: '{data}/db' }, stop: { grace: 'infinite' } } });
  const daemon = world.start();
  await world.until('1.0.0 runs', runs(one));
  const gate = join(world.folder, 'gate');
  const body = `printf half > table; trap '' INT TERM; while [ ! -e '${gate}' ]; do sleep 0.05; done; printf 'form 2' > table`;
  const migration = await writeMigration(world, 'stuck', body);
  const next = await world.name(PLACE, two, { terms: { migrations: [migration] } });
  await expect.poll(() => table(world), { timeout: 20_000 }).toBe('half');
  const record = join(world.home, 'instances', PLACE, 'child.json');
  await expect.poll(() => readRecord(record)?.child?.deployment, { timeout: 20_000 }).toMatch(/^migration /);
  const left = readRecord(record)!.child!;
  daemon.kill('SIGKILL');
  await daemon.ended;
  expect(find(left)).not.toBeNull();
  world.start();
  await expect.poll(() => find(left), { timeout: 20_000 }).toBeNull();
  await writeFile(gate, '');
  await world.until('2.0.0 runs', runs(next));
  expect(await table(world)).toBe('form 2');
  const told = (await migrationsOf(world)).map(({ what }) => what);
  expect(told).toEqual(['start', 'start', 'end']);
  expect(await servedMeanwhile(world)).toEqual([]);
  expect(readdirSync(backupsOf(world))).toHaveLength(1);
  expect(await twice(world)).toEqual([]);
});

test('a migration finds no network, where the machine has an empty one to give', async () => {
  const world = await createWorld();
  await withData(world);
  const one = await world.name(PLACE, { version: '1.0.0', manner: 'steady' });
  await world.write({ [PLACE]: { data: { dir: '{data}/db' } } });
  world.start();
  await world.until('1.0.0 runs', runs(one));
  const migration = await writeMigration(world, 'nosy', 'cat /proc/net/route > table');
  const next = await world.name(PLACE, two, { terms: { migrations: [migration] } });
  await world.until('2.0.0 runs', runs(next));
  const routes = (await table(world)).trim().split('\n').slice(1);
  if ((await withoutNetwork({ program: 'true', args: [] })) === null)
    console.warn('no empty network is to be had here');
  else expect(routes).toEqual([]);
});

function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
