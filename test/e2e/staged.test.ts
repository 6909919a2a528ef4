import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sha256 } from '../support/install-room.ts';
import { createWorld, runs } from '../support/world.ts';

const steady = (version: string) => ({ version, manner: 'steady' }) as const;

test('with download.fetch "never" only what was staged is run; until then it is said what is missing, and the old child serves', async () => {
  const world = await createWorld();
  const verify = join(world.folder, 'verify');
  await writeFile(
    verify,
    `#!/bin/sh\necho "$VAULTVISOR_KIND $VAULTVISOR_VERSION $(sha256sum < "$1" | cut -c1-64)" >> ${world.folder}/asked\n`,
    { mode: 0o755 },
  );
  const settings = { download: { fetch: 'never' }, verify: { command: [verify] }, keep: 0 };
  const one = await world.name('kintsugi/vault', steady('1.0.0'));
  await world.write({ 'kintsugi/vault': settings });
  // before there is a home
  const first = join(world.folder, 'vault-1.0.0-steady');
  expect((await world.run('stage', first, '--checksum', one.checksum)).out).toContain(`Staged ${one.checksum}`);
  world.start();
  await world.until('the staged release runs', runs(one));

  const two = await world.name('kintsugi/vault', steady('2.0.0'));
  const waiting = await world.until(
    'it says what is missing',
    ({ next }) => next?.waitsFor?.includes('is not staged') ?? false,
  );
  expect(waiting).toMatchObject({ verdict: 'healthy', child: { checksum: one.checksum } });
  expect(await world.run('stage', join(world.folder, 'vault-2.0.0-steady'), '--checksum', one.checksum)).toMatchObject({
    code: 76,
    err: expect.stringContaining(`has the SHA-256 ${two.checksum}`),
  });
  const { out } = await world.run('stage', join(world.folder, 'vault-2.0.0-steady'));
  expect(out).toContain(two.checksum);
  const later = join(world.folder, 'later');
  await writeFile(later, 'not named yet');
  await world.run('stage', later);
  await world.until('the staged release takes over', runs(two));
  const listed = async () => (await world.run('stage')).out;
  while ((await listed()).includes(two.checksum)) await sleep(50);
  expect(await listed()).toMatch(/^0x[0-9a-f]{64} {2}13 bytes {2}file:\/\/.*\/later\n$/);
  await world.run('unstage', sha256('not named yet'));
  expect(await listed()).toBe('Nothing is staged.\n');
  const sha = (checksum: string) => checksum.slice(2);
  expect((await readFile(join(world.folder, 'asked'), 'utf8')).trimEnd().split('\n')).toEqual([
    `release 1.0.0 ${sha(one.checksum)}`,
    `release 2.0.0 ${sha(two.checksum)}`,
  ]);
});

test('bytes that the tool of the operator refuses are never run, and the old child serves', async () => {
  const world = await createWorld();
  const verify = join(world.folder, 'verify');
  const say = (text: string) => writeFile(verify, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await say('exit 0');
  const one = await world.name('kintsugi/vault', steady('1.0.0'));
  await world.write({ 'kintsugi/vault': { verify: { command: [verify, '--key', 'k', '{path}'] } } });
  world.start();
  await world.until('the first runs', runs(one));
  await rm(verify);
  await say('echo "signature of nobody" >&2; exit 1');
  const two = await world.name('kintsugi/vault', steady('2.0.0'));
  const refused = await world.until(
    'it is refused',
    ({ next }) => next?.waitsFor?.includes('signature of nobody') ?? false,
  );
  expect(refused).toMatchObject({ verdict: 'healthy', child: { checksum: one.checksum }, next: { state: 'fetching' } });
  expect((await world.history()).map(({ event }) => event)).not.toContain('staged');
  await say('exit 0');
  await world.until('the tool says yes', runs(two));
});
