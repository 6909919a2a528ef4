import { describe, expect, it } from 'vitest';
import { jittered, waitOf } from '../../src/core/backoff.ts';

const backoff = { after: 1_000, max: 300_000 };

describe('backoff', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [8, 256_000],
    [9, 300_000],
    [40, 300_000],
    [1e9, 300_000],
  ])('the wait number %d is %d ms', (n, wait) => {
    expect(waitOf(backoff, n)).toBe(wait);
  });

  it.each([
    [0, 0, 0],
    [0, 0.5, 500],
    [0, 0.9999, 1_000],
    [3, 0.5, 4_000],
    [99, 0.25, 75_000],
  ])('number %d with the chance %d waits %d ms', (n, chance, wait) => {
    expect(jittered(backoff, n, chance)).toBe(wait);
  });

  it('is never longer than its longest, nor other than finite', () => {
    expect(waitOf({ after: 5_000, max: 1_000 }, 0)).toBe(1_000);
    expect(waitOf({ after: 0, max: 1_000 }, 9)).toBe(0);
  });
});
