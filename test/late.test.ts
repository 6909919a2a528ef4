import { expect, test } from 'vitest';
import { late, loadParts } from '../src/late.ts';

test('a part that is gone takes no other with it, and is told', async () => {
  const loaded: string[] = [];
  const load = (name: string) => async () => void loaded.push(name);
  late(load('one'));
  const gone = late(() => Promise.reject(new Error('Cannot find module ./gone.js')));
  late(load('two'));
  const refusal = { code: 'io', message: expect.stringContaining('restart vaultvisor') };
  await expect(loadParts(0)).rejects.toMatchObject(refusal);
  expect(loaded).toEqual(['one', 'two']);
  await expect(gone()).rejects.toMatchObject(refusal);
  await expect(loadParts(0)).rejects.toMatchObject(refusal);
  expect(loaded).toEqual(['one', 'two']);
});
