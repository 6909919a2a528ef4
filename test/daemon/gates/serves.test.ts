import { expect, test } from 'vitest';
import { atRest, born } from '../../../src/core/born.ts';
import type { Instance, Verdict } from '../../../src/core/instance.ts';
import { serves } from '../../../src/daemon/gates/serves.ts';
import { deployment, settings } from '../../support/deployments.ts';

const running = (verdict: Verdict, restarts = 0): Instance => ({
  ...born(settings('a'), null),
  slot: { at: 'running', deployment: deployment('a'), verdict, reason: null, exits: 0, youngUntil: null },
  volatile: { ...atRest, restarts },
});
const up = { isUp: true, isBlocked: false, exits: 3 };
const down = { ...up, isUp: false };

test.each([
  ['nothing was ever there', born(settings('a'), null), down, false],
  ['up and well', running('healthy'), up, true],
  ['up and ailing: it may be in mid-payment', running('unhealthy'), up, true],
  ['up, in a crash loop', running('unhealthy', 9), up, true],
  ['between two starts: the supervisor has just begun', running('healthy'), down, true],
  ['between two starts: after one crash', running('healthy', 1), down, true],
  ['between two starts of a crash loop', running('healthy', 3), down, false],
  ['down and unhealthy', running('unhealthy'), down, false],
  ['down for good', running('down'), down, false],
  ['its bytes are gone', running('gone'), down, false],
  ['kept from starting', running('healthy'), { ...down, isBlocked: true }, false],
  ['stopped by a person', { ...running('healthy'), said: { ...running('healthy').said, stopped: true } }, down, false],
])('%s: %#', (_, instance, seen, expected) => {
  expect(serves(instance, seen)).toBe(expected);
});
