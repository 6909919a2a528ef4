import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBinary, nameOfBinary } from '../../scripts/build-binary.mjs';
import { pinnedVersion, whyNotPinned } from '../../scripts/nodes.mjs';
import { createGoverned } from '../support/governed.ts';
import { servesFromFirstToLast } from '../support/serves.ts';
import { runs } from '../support/world.ts';

const lack = whyNotPinned();
if (lack !== null) console.warn(`the one file is not tried: ${lack}`);

describe.skipIf(lack !== null && process.env['CI'] !== 'true')('the one file', () => {
  let folder: string;
  let program: readonly [string];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
    program = [await buildBinary(folder)];
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has its SHA-256 beside it, as sha256sum reads it', () => {
    expect(execFileSync('sha256sum', ['-c', `${nameOfBinary}.sha256`], { cwd: folder, encoding: 'utf8' })).toBe(
      `${nameOfBinary}: OK\n`,
    );
  });

  test('runs on a machine without Node, and reads no module that lies about', () => {
    const said = execFileSync(program[0], ['version', '--json'], {
      env: { PATH: '/nowhere' },
      cwd: '/',
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toMatchObject({ node: `v${pinnedVersion(26)}`, daemon: null });
  });

  test('brings a client from one release to the next, and finds it again after its own death', async () => {
    expect(await servesFromFirstToLast(program)).toMatchObject({ node: `v${pinnedVersion(26)}` });
  });

  test('decodes what a block says of a release, in a thread of its own', { timeout: 120_000 }, async () => {
    const world = await createGoverned({ program });
    const one = world.client('1.0.0', { flag: '--a', form: 0 });
    await world.chain.publishVaultRelease('1.0.0', one.checksum);
    await world.govern({ source: 'vault-registry', url: `${world.files}/{version}/vault` });
    world.start();
    await world.until('1.0.0 runs', runs(one));
    const two = world.client('1.1.0', { flag: '--a', form: 0 });
    await world.chain.publishVaultRelease('1.1.0', two.checksum);
    await world.until('1.1.0 runs', runs(two));
    const told = async () => (await world.history()).filter(({ event }) => event === 'decoded');
    await expect
      .poll(told, { timeout: 30_000 })
      .toContainEqual(
        expect.objectContaining({ events: [expect.objectContaining({ checksum: two.checksum, version: '1.1.0' })] }),
      );
  });

  test('comes with the licences of all that is in it', () => {
    const text = readFileSync(join(dirname(program[0]), `${nameOfBinary}.licences.txt`), 'utf8');
    for (const name of ['Node.js', '@polkadot/api 16', 'ws 8', 'undici 7']) expect(text).toContain(`=\n${name}`);
  });
});
