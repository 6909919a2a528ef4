import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSecrets } from '../../../src/cli/import/write-secrets.ts';
import { scratch } from '../../support/process/scratch.ts';

const how = { force: true, home: '/nonexistent' };
const modeOf = (path: string) => lstatSync(path).mode & 0o777;

test('secrets lie in files and a folder for their owner alone, whatever mode that had', async () => {
  const folder = join(scratch(), 'made/vault.secrets');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  await writeSecrets([{ path: join(folder, 'rpc-pass'), value: 'hunter-2' }], how);
  expect(readFileSync(join(folder, 'rpc-pass'), 'utf8')).toBe('hunter-2\n');
  expect([modeOf(folder), modeOf(join(folder, 'rpc-pass'))]).toEqual([0o700, 0o600]);
});

test('a link in the place of their folder leads to nothing that is changed', async () => {
  const [root, other] = [scratch(), scratch()];
  chmodSync(other, 0o755);
  const folder = join(root, 'vault.secrets');
  symlinkSync(other, folder);
  const before = statSync(other);
  await expect(writeSecrets([{ path: join(folder, 'rpc-pass'), value: 'hunter-2' }], how)).rejects.toMatchObject({
    code: 'usage',
    message: `${folder} is a link`,
  });
  expect([modeOf(other), statSync(other).ctimeMs]).toEqual([0o755, before.ctimeMs]);
  expect(readdirSync(other)).toEqual([]);
});
