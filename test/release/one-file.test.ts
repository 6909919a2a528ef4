import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { binaryFor, buildBinary, nameOfBinary } from '../../scripts/build-binary.mjs';
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

const lackOther = whyNotPinned('arm64');
if (lackOther !== null) console.warn(`the one file for arm64 is not tried: ${lackOther}`);

describe.skipIf(lackOther !== null && process.env['CI'] !== 'true')('the one file for arm64', () => {
  test('is an executable of that machine, with the program in it and its SHA-256 beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = await buildBinary(folder, { arch: 'arm64' });
    const bytes = readFileSync(path);
    expect(path).toBe(join(folder, binaryFor('arm64')));
    // elf(5): the magic, 64 bits, little endian; e_machine, where 183 is EM_AARCH64
    expect(bytes.subarray(0, 6)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]));
    expect(bytes.readUInt16LE(18)).toBe(183);
    expect(bytes.includes('vaultvisor systemd --per-instance')).toBe(true);
    // what node:sea looks for to know that there is one
    expect(bytes.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true);
    execFileSync('sha256sum', ['-c', `${binaryFor('arm64')}.sha256`], { cwd: folder });
  }, 180_000);
});
