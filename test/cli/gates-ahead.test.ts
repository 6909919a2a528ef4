import { expect, test } from 'vitest';
import { gatesAhead } from '../../src/cli/check/gates.ts';
import { born } from '../../src/core/born.ts';
import type { Instance } from '../../src/core/instance.ts';
import { nothingKept, withHeard } from '../../src/gate/record.ts';
import { acceptedClient } from '../config/args-text.ts';
import { policy } from '../core/given.ts';
import { checksum, deployment, release, settings } from '../support/deployments.ts';

const HOUR = 3_600_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const serves: Instance = {
  ...born(settings('old'), null),
  slot: { at: 'running', deployment: deployment('old'), verdict: 'healthy', reason: null, exits: 0, youngUntil: null },
};
const coming: Instance = { ...serves, next: { at: 'staged', deployment: deployment('new'), since: now } };
const ahead = (i: Instance, gates: object, more: object = {}) =>
  gatesAhead(i, acceptedClient({ client: { gates, account: alice } }), policy, {
    head: null,
    record: nothingKept,
    now,
    ...more,
  });

test('without gates nothing is said, and with nothing on its way neither', () => {
  expect(ahead(coming, {})).toBe('');
  expect(ahead(serves, { minAge: '1h' })).toBe('');
});

test('what can be known is told with its time, what would be asked is only named', () => {
  const gates = {
    block: 9,
    windows: [{ cron: '0 2 * * *', for: '1h' }],
    minAge: '2h',
    metrics: [{ url: 'http://127.0.0.1:1/', name: 'open', max: 0 }],
    fleetLock: { url: 'https://f/' },
    drain: { command: ['/bin/drain'] },
  };
  const record = withHeard(nothingKept, [checksum('new')], now - HOUR);
  expect(ahead(coming, gates, { head: { specVersion: 1, block: 7 }, record })).toBe(
    '; it would wait for finalised block 9 (the chain has 7)' +
      ', and for the maintenance window that opens Sun 2026-11-22 02:00 UTC' +
      ', and for the release to be old enough (gates.minAge): 2026-11-21T13:00:00Z' +
      '; then it would ask the metric open, then for a slot of the FleetLock group default, then the drain command',
  );
});

test('a person and the core come first', () => {
  const held = { ...coming, said: { ...coming.said, held: { since: now, until: null } } };
  expect(ahead(held, { drain: { command: ['/bin/drain'] } })).toBe(
    '; it would wait for the end of a hold; then it would ask the drain command',
  );
});

test('an urgent release, and one that nothing serves before, wait for the chain only', () => {
  const gates = { block: 9, minAge: '2h', windows: [{ cron: '0 2 * * *', for: '1h' }] };
  const head = { specVersion: 1, block: 7 };
  const terms = { migrations: [], missing: [], specVersions: [], urgent: true, dataCompatible: false };
  const urgent = { ...deployment('new'), release: { ...release('new'), terms } };
  const chain = '; it would wait for finalised block 9 (the chain has 7)';
  expect(ahead({ ...coming, next: { at: 'staged', deployment: urgent, since: now } }, gates, { head })).toBe(chain);
  expect(ahead({ ...coming, slot: { at: 'empty' } }, gates, { head })).toBe(chain);
});
