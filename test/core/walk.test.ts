import { afterAll, describe, expect, it } from 'vitest';
import { loadCore } from './walk/core.ts';
import { allLaws } from './walk/laws/laws.ts';
import { ofEdits } from './walk/scenarios/of-edits.ts';
import { ofReleases } from './walk/scenarios/of-releases.ts';
import { ofRuntimes } from './walk/scenarios/of-runtimes.ts';
import { expectLawful } from './walk/told.ts';
import { walk } from './walk/walk.ts';
import { keyOfNode } from './walk/world.ts';

describe('every order of releases, edits and runtimes', () => {
  const total = { states: 0, transitions: 0 };
  afterAll(() => console.log(`walked ${total.states} states, ${total.transitions} transitions`));

  it.each([...ofReleases, ...ofEdits, ...ofRuntimes])('$name', (scenario) => {
    const { states, transitions } = expectLawful(scenario);
    total.states += states;
    total.transitions += transitions;
  });
});

describe('the walk itself', () => {
  it('names each law once', () => {
    expect(new Set(allLaws).size).toBe(allLaws.length);
  });

  it('takes no two states for one', async () => {
    const core = await loadCore(new URL('../../src/core/', import.meta.url));
    const scenario = ofRuntimes.find(({ name }) => name === 'pending, urgent and bad')!;
    const whole = walk(core, scenario, { keyOf: (n) => JSON.stringify([n, keyOfNode(n)], withoutNoise) });
    expect(walk(core, scenario).states).toBe(whole.states);
  });
});

/** Points in time and words that decide nothing; counts beyond which nothing changes. */
function withoutNoise(key: string, value: unknown): unknown {
  if (key === 'since' || key === 'reason' || key === 'block') return undefined;
  return key === 'restarts' || key === 'attempt' ? Math.min(value as number, 1) : value;
}
