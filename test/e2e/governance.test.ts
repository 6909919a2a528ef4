import { expect, test } from 'vitest';
import { createGoverned } from '../support/governed.ts';
import { runs } from '../support/world.ts';

// What governance writes on a real runtime, and what the real daemon makes of it.
const clientsInfo = { source: 'clients-info' };

test('VaultRegistry: a client that skipped two versions is brought to the third, step by step', {
  timeout: 120_000,
}, async () => {
  const world = await createGoverned();
  const { chain, files } = world;
  const one = world.client('1.0.0', { flag: '--a', form: 0 });
  await chain.publishVaultRelease('1.0.0', one.checksum);
  await world.govern({
    source: 'vault-registry',
    url: `${files}/{version}/vault`,
    migrations: `${files}/{version}/migrate-{kind}`,
  });
  world.start();
  await world.until('1.0.0 runs', runs(one));

  // the youngest first: their order is that of the versions
  await chain.setReleaseMigrations('1.3.0', {
    arguments: world.migrateArguments('1.3.0', '--c', '--d').checksum,
    data: world.migrateData('1.3.0', 2, 3).checksum,
  });
  await chain.setReleaseMigrations('1.1.0', {
    arguments: world.migrateArguments('1.1.0', '--a', '--b').checksum,
    data: world.migrateData('1.1.0', 0, 1).checksum,
  });
  await chain.setReleaseMigrations('1.2.0', {
    arguments: world.migrateArguments('1.2.0', '--b', '--c').checksum,
    data: world.migrateData('1.2.0', 1, 2).checksum,
  });
  await world.blocks(1);
  expect(await world.starts()).toEqual(['1.0.0 --a 7 form 0']);

  const three = world.client('1.3.0', { flag: '--d', form: 3 });
  await chain.publishVaultRelease('1.3.0', three.checksum);
  await world.until('1.3.0 runs', runs(three));
  expect(await world.starts()).toEqual(['1.0.0 --a 7 form 0', '1.3.0 --d 7 form 3']);
  expect(await world.migrated()).toEqual(['1.0.0 to 1.1.0', '1.1.0 to 1.2.0', '1.2.0 to 1.3.0']);

  // from there only the next step is taken
  await chain.setReleaseMigrations('1.4.0', { data: world.migrateData('1.4.0', 3, 4).checksum });
  const four = world.client('1.4.0', { flag: '--d', form: 4 });
  await chain.publishVaultRelease('1.4.0', four.checksum);
  await world.until('1.4.0 runs', runs(four));
  expect((await world.starts()).at(-1)).toBe('1.4.0 --d 7 form 4');
  expect(await world.migrated()).toHaveLength(4);
});

test('ClientsInfo: a release waits for the migration that it needs, which comes two blocks later', {
  timeout: 120_000,
}, async () => {
  const world = await createGoverned();
  const { chain } = world;
  const one = world.client('1.0.0', { flag: '--a', form: 0 });
  // an entry that led to another release once is no migration to any other
  const stale = world.migrateData('0.9.0', null, 9);
  await chain.setCurrentRelease('vault/migrate-data', `${stale.uri}#for=0x${'09'.repeat(32)}`, stale.checksum);
  await chain.setCurrentRelease('vault', `${one.uri}#version=1.0.0`, one.checksum);
  await world.govern(clientsInfo);
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));

  const two = world.client('2.0.0', { flag: '--b', form: 2 });
  const migrateArguments = world.migrateArguments('2.0.0', '--a', '--b');
  await chain.setCurrentRelease(
    'vault/migrate-arguments',
    `${migrateArguments.uri}#for=${two.checksum}`,
    migrateArguments.checksum,
  );
  await chain.setCurrentRelease('vault', `${two.uri}#needs=migrate-data,migrate-arguments&version=2.0.0`, two.checksum);
  const waiting = await world.until('it waits', ({ pending }) => pending?.checksum === two.checksum);
  expect(waiting.pending).toMatchObject({
    uri: two.uri,
    version: '2.0.0',
    waitsFor: 'it needs a migration of data, which its source does not name yet',
  });
  await world.blocks(2);
  expect((await world.status())?.child).toEqual(before.child);

  const data = world.migrateData('2.0.0', null, 2);
  await chain.setCurrentRelease('vault/migrate-data', `${data.uri}#for=${two.checksum}`, data.checksum);
  await world.until('2.0.0 runs', runs(two));
  expect(await world.starts()).toEqual(['1.0.0 --a 7 form 0', '2.0.0 --b 7 form 2']);
  expect(await world.migrated()).toEqual(['1.0.0 to 2.0.0']);
  expect(world.asked(stale)).toBe(0);
  // what needs none runs on the arguments and the data of now, and the entries of the former release are not its own
  const three = world.client('3.0.0', { flag: '--b', form: 2 });
  await chain.setCurrentRelease('vault', `${three.uri}#version=3.0.0`, three.checksum);
  await world.until('3.0.0 runs', runs(three));
  expect((await world.starts()).at(-1)).toBe('3.0.0 --b 7 form 2');
  expect(await world.migrated()).toHaveLength(1);
});

test('ClientsInfo: a pending release enters with its runtime, through its migrations', {
  timeout: 120_000,
}, async () => {
  const world = await createGoverned();
  const { chain } = world;
  const one = world.client('1.0.0', { flag: '--a', form: 0 });
  await chain.setCurrentRelease('vault', one.uri, one.checksum);
  await world.govern(clientsInfo);
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));

  const two = world.client('2.0.0', { flag: '--b', form: 2 });
  const migrations = {
    arguments: world.migrateArguments('2.0.0', '--a', '--b'),
    data: world.migrateData('2.0.0', 0, 2),
  };
  for (const [kind, { uri, checksum }] of Object.entries(migrations))
    await chain.setPendingRelease(`vault/migrate-${kind}`, `${uri}#for=${two.checksum}`, checksum);
  await chain.setPendingRelease('vault', `${two.uri}#needs=migrate-data,migrate-arguments`, two.checksum);
  await chain.authorizeUpgrade();
  await expect.poll(() => world.asked(migrations.data), { timeout: 30_000 }).toBe(1);
  await expect
    .poll(async () => (await world.history()).filter(({ ahead }) => ahead === true).length, { timeout: 30_000 })
    .toBe(1);
  expect((await world.status())?.child).toEqual(before.child);
  expect(await world.migrated()).toEqual([]);

  await chain.upgradeRuntime();
  await world.until('2.0.0 runs', runs(two));
  expect(await world.starts()).toEqual(['1.0.0 --a 7 form 0', '2.0.0 --b 7 form 2']);
  expect(world.asked(migrations.data)).toBe(1);
});

test.each([
  ['whose entry says which spec versions it serves', '#specs=2-3', undefined, {}],
  ['that says itself which spec versions it serves', '', '2\n3', { compatibility: ['--spec-versions'] }],
])(
  'spec versions: a release %s waits as pending, is told so, and enters with the upgrade',
  { timeout: 120_000 },
  async (_, fragment, specVersions, more) => {
    const world = await createGoverned();
    const { chain } = world;
    const one = world.client('1.0.0', { flag: '--a', form: 0, specVersions: '[1, [2, 3]]' });
    await chain.setCurrentRelease('vault', one.uri, one.checksum);
    await world.govern({ ...clientsInfo, ...more });
    let daemon = world.start();
    const before = await world.until('1.0.0 runs', runs(one));

    const two = world.client('2.0.0', { flag: '--a', form: 0, ...(specVersions && { specVersions }) });
    await chain.setCurrentRelease('vault', `${two.uri}${fragment}`, two.checksum);
    const waiting = await world.until('it waits', ({ pending }) => pending?.checksum === two.checksum);
    expect(waiting.pending?.waitsFor).toMatch(/^it serves the spec versions 2(–|, )3, and the chain has 1$/);
    expect(waiting).toMatchObject({ next: null, child: before.child });
    expect((await world.run('status')).out).toContain('it serves the spec versions 2');
    await expect.poll(() => world.asked(two), { timeout: 30_000 }).toBe(1);

    // what it said outlives the daemon, and so does the wait
    daemon.kill('SIGKILL');
    await daemon.ended;
    daemon = world.start();
    await world.until(
      '1.0.0 runs again, and 2.0.0 waits',
      (status) => runs(one)(status) && status.pending?.checksum === two.checksum,
    );
    expect((await world.starts()).every((line) => line.startsWith('1.0.0'))).toBe(true);

    await chain.upgradeRuntime();
    await world.until('2.0.0 runs', runs(two));
    expect((await world.starts()).at(-1)).toBe('2.0.0 --a 7 form 0');
    expect(world.asked(two)).toBe(1);
  },
);

test('a program that does not answer what it serves stays out, and why is told; the former serves', {
  timeout: 120_000,
}, async () => {
  const world = await createGoverned();
  const { chain } = world;
  const one = world.client('1.0.0', { flag: '--a', form: 0, specVersions: '1' });
  await chain.setCurrentRelease('vault', one.uri, one.checksum);
  await world.govern({ ...clientsInfo, compatibility: ['--spec-versions'] });
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));
  const two = world.client('2.0.0', { flag: '--a', form: 0 });
  await chain.setCurrentRelease('vault', two.uri, two.checksum);
  const refused = await world.until('it is refused', ({ next }) => next?.retryAt != null);
  expect(refused.next?.waitsFor).toContain(
    'ended with status 2. Its last line: error: unexpected argument --spec-versions',
  );
  expect(refused.child).toEqual(before.child);

  // the operator takes the question back, and it enters without an answer
  await world.govern(clientsInfo);
  await world.until('2.0.0 runs', runs(two));
});

test('a fragment that is misspelt is told, and what was named before stays in force until it is repaired', {
  timeout: 120_000,
}, async () => {
  const world = await createGoverned();
  const { chain } = world;
  const one = world.client('1.0.0', { flag: '--a', form: 0 });
  await chain.setCurrentRelease('vault', one.uri, one.checksum);
  await world.govern(clientsInfo);
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));
  const two = world.client('2.0.0', { flag: '--a', form: 0 });
  await chain.setCurrentRelease('vault', `${two.uri}#needs=migrate-date`, two.checksum);
  const told = await world.until('it is told', ({ trouble }) => trouble !== null);
  expect(told.trouble).toContain(
    'the fragment of its uri says "needs=migrate-date", and "needs" takes migrate-arguments',
  );
  expect(told).toMatchObject({ current: { checksum: one.checksum }, next: null, pending: null, child: before.child });
  await world.blocks(2);
  expect(world.asked(two)).toBe(0);
  await chain.setCurrentRelease('vault', two.uri, two.checksum);
  const after = await world.until('2.0.0 runs', runs(two));
  expect(after.trouble).toBeNull();
});
