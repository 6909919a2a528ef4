import { describe, expect, it } from 'vitest';
import { changes } from './mutations/changes.ts';
import { mutated } from './mutations/mutant.ts';

describe('each deliberate error still applies to the core', () => {
  it.each(changes)('$what', (change) => {
    expect(mutated(change)).toContain(change.to);
  });

  it('and each is another', () => {
    expect(new Set(changes.map(({ what }) => what)).size).toBe(changes.length);
  });
});
