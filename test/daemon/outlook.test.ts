import { expect, test } from 'vitest';
import type { Instance } from '../../src/core/instance.ts';
import type { Policy } from '../../src/core/policy.ts';
import { type Beside, outlookOf } from '../../src/daemon/instance/outlook.ts';
import { instance, naming, of, policy, probation, running } from '../core/given.ts';

const well = instance({ slot: running('A1'), chain: naming('B'), proven: { A: [1] } });
const staged = { at: 'staged', deployment: of('B1'), since: 0 } as const;
const fetching = { at: 'fetching', deployment: of('B1'), attempt: 0, retryAt: null, reason: null } as const;
const said = { held: null, stopped: false, pinned: null, approved: [] };
const pin = { release: of('A1').release, over: null, forever: true };
const hold = { since: 0, until: null };
const bar = { by: 'failure', of: of('B1'), attempts: 1, reason: 'crashed', wait: { for: 'person' } } as const;
const ahead = { ...naming('B'), upgradeAhead: true, pending: of('C1').release };

const outlook = (i: Instance, over: Partial<Policy> = {}, beside: Partial<Beside> = {}) =>
  outlookOf(i, { ...policy, ...over }, { gate: null, isReady: () => false, ...beside });

test.each<[string, Instance, Partial<Policy>, string | null]>([
  ['nothing, where what is named runs', { ...well, chain: naming('A') }, {}, null],
  ['nothing, where its gates are about to be asked', { ...well, next: staged }, {}, null],
  ['a pin on another', { ...well, said: { ...said, pinned: pin } }, {}, 'pinned'],
  ['nothing, where it is pinned itself', { ...well, chain: naming('A'), said: { ...said, pinned: pin } }, {}, null],
  ['a hold', { ...well, next: staged, said: { ...said, held: hold } }, {}, 'held'],
  ['a person who stopped it', { ...well, next: staged, said: { ...said, stopped: true } }, {}, 'stopped'],
  ['a yes', { ...well, next: staged }, { approval: true }, 'approval'],
  ['its bytes', { ...well, next: fetching }, {}, 'fetch'],
  ['nothing, where nothing newer is held', { ...well, chain: naming('A'), said: { ...said, held: hold } }, {}, null],
  ['its quarantine', { ...well, bars: [bar] }, {}, 'quarantine'],
  ['a list that does not admit it', well, { forbids: () => 'not listed' }, 'forbidden'],
  ['the eve of an upgrade', { ...well, next: staged, chain: ahead }, {}, 'upgrade'],
  ['the verdict', { ...well, slot: probation('A1'), next: staged }, {}, 'verdict'],
  [
    'what serves to be healthy',
    { ...well, slot: { ...running('A1'), verdict: 'unhealthy' }, next: staged },
    { requireHealthy: true },
    'requireHealthy',
  ],
])('waits for %s', (_name, i, over, waiting) => {
  expect(outlook(i, over).waiting).toBe(waiting);
});

test('a gate of the args file is told when nothing else holds it back', () => {
  expect(outlook({ ...well, next: staged }, {}, { gate: 'window' }).waiting).toBe('window');
  const held = { ...well, next: staged, said: { ...said, held: hold } };
  expect(outlook(held, {}, { gate: 'window' }).waiting).toBe('held');
});

test('what is named, and whether what is pending lies on disk', () => {
  expect(outlook({ ...well, chain: naming(null) })).toMatchObject({ named: null, pendingStaged: null });
  const pending = { ...well, chain: { ...naming('B'), pending: of('C1').release } };
  expect(outlook(pending)).toMatchObject({ named: { checksum: of('B1').release.checksum }, pendingStaged: false });
  expect(outlook(pending, {}, { isReady: (id) => id === of('C1').id }).pendingStaged).toBe(true);
});
