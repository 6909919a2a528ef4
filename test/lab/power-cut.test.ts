import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { noPowerCut, powerCut } from '../../lab/power-cut/experiment.ts';
import { wrongOnDisk } from '../../lab/support/on-disk.ts';
import { homeAt } from '../../src/layout.ts';

const lack = await noPowerCut();
if (lack !== null) console.warn(`no power is cut here: ${lack.words}`);

test.skipIf(lack?.lacks === 'package' && process.env['CI'] !== 'true')(
  'whenever the power is cut, the disk holds before or after (needs root, a loop device and a C compiler)',
  async () => {
    expect(lack?.lacks).not.toBe('package');
    expect(await powerCut.obstacle('short')).toBe(lack?.words ?? null);
    if (lack !== null) return;
    const { violations, figures } = await conduct(powerCut, {
      size: 'short',
      seed: 21,
      rounds: null,
      workers: 1,
      defect: null,
      say: () => {},
    });
    expect(violations).toEqual([]);
    expect(figures).toContainEqual({ what: 'power cuts', value: 3 });
  },
  300_000,
);

const nothing = { committed: [], quarantined: [], held: false };

/** A home as a program that does not write through would leave it. */
function damagedHome() {
  const root = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = homeAt(root);
  const folder = home.instance('kintsugi', 'vault');
  for (const each of [home.store.verified, folder.root]) mkdirSync(each, { recursive: true });
  return { root, home, folder };
}

test('an empty file under the name of a checksum is seen', async () => {
  const { root, home } = damagedHome();
  writeFileSync(join(home.store.verified, 'a'.repeat(64)), '', { mode: 0o555 });
  expect(await wrongOnDisk(root, 'kintsugi/vault', nothing)).toEqual([
    expect.stringContaining('has the checksum e3b0c442'),
  ]);
});

test('a record that was cut off, a link that leads nowhere, and what was told and is not there are seen', async () => {
  const { root, folder, home } = damagedHome();
  expect(await wrongOnDisk(root, 'kintsugi/vault', nothing)).toEqual([]);
  symlinkSync('deployments/gone', folder.current);
  const told = { committed: ['0xaa'], quarantined: ['0xbb'], held: true };
  expect(await wrongOnDisk(root, 'kintsugi/vault', told)).toEqual([
    '0xaa was told to be committed, and is not',
    '0xbb was told to be quarantined, and is not',
    'a person was told that it is held, and it is not',
    'current leads nowhere (deployments/gone)',
  ]);
  writeFileSync(home.accepted, '');
  writeFileSync(folder.state, '{"schema":1');
  expect(await wrongOnDisk(root, 'kintsugi/vault', nothing)).toEqual([
    expect.stringContaining('accepted.json, is damaged'),
    expect.stringContaining('state.json is damaged'),
  ]);
});
