import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootId, machineName } from '../../src/process/machine.ts';
import { scratch } from '../support/process/scratch.ts';

const id = '0123456789abcdef0123456789abcdef';

test('a machine is named by its machine-id, without telling it', async () => {
  const folder = scratch();
  const path = join(folder, 'machine-id');
  await writeFile(path, `${id}\n`);
  const name = machineName(path);
  expect(name).toMatch(/^[0-9a-f]{64}$/);
  expect(name).not.toContain(id);
  expect(machineName(path)).toBe(name);
  await writeFile(path, `${id.replace('0', 'f')}\n`);
  expect(machineName(path)).not.toBe(name);
});

test.each([
  ['nothing', ''],
  ['uninitialized', 'uninitialized\n'],
  ['a word', 'here'],
])('where it holds %s, each boot is another machine', async (_what, text) => {
  const folder = scratch();
  const path = join(folder, 'machine-id');
  await writeFile(path, text);
  expect(machineName(path)).toBe(machineName(join(folder, 'none')));
  expect(machineName(path)).not.toContain(bootId());
});

test('one that cannot be read just now is no other machine', () => {
  expect(machineName(scratch())).toBe(machineName('/none')); // a mount made a folder of it
  expect(() => machineName('/proc/self/mem')).toThrow('EIO');
});
