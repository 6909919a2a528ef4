import { getEventListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { within } from '../src/within.ts';
import { never } from './probe/support/servers.ts';

const forEver = (signal: AbortSignal) => setTimeout(600_000, 'late', { signal });

test('an answer in time, an error, no time left: and nobody hears the signal any more', async () => {
  const { signal } = new AbortController();
  expect(await within(60_000, signal, async () => 'soon')).toBe('soon');
  await expect(within(60_000, signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await within(10, signal, forEver)).toBe(null);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort rejects with its reason, before as in the middle', async () => {
  let begun = 0;
  const act = (signal: AbortSignal) => {
    begun += 1;
    return forEver(signal);
  };
  await expect(within(60_000, AbortSignal.abort(new Error('enough')), act)).rejects.toThrow('enough');
  expect(begun).toBe(0);
  const abort = new AbortController();
  const acting = within(60_000, abort.signal, act);
  abort.abort(new Error('enough'));
  await expect(acting).rejects.toThrow('enough');
});

test('two limits at once do not disturb each other', async () => {
  expect(await Promise.all([within(10, never, forEver), within(60_000, never, () => setTimeout(30, 'fine'))])).toEqual([
    null,
    'fine',
  ]);
});
