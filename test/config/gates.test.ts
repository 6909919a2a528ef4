import { describe, expect, test } from 'vitest';
import { describeChanges } from '../../src/config/changes.ts';
import { accepted, acceptedClient, argsText, rowsIn } from './args-text.ts';

const minute = 60_000;
const one = `0x${'ab'.repeat(32)}`;
const at = 'networks.n.clients.c.gates';
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const window = { cron: '0 2 * * 1-5', for: '4h', zone: 'Europe/Berlin' };
const metric = { url: 'http://127.0.0.1:9615/metrics', name: 'redeem_count{status="open"}', max: 0 };

test('everything that may be said', () => {
  const gates = {
    allow: ['>=1.24 <2', one.slice(2).toUpperCase()],
    deny: ['1.24.3'],
    approval: 'required',
    requireHealthy: true,
    specVersion: { exact: 1_025_000 },
    block: 17,
    windows: [window, { cron: '30 12 * * SAT', for: '90m' }],
    minAge: '2d',
    rolloutWindow: '24h',
    rolloutGroup: 'rack 3',
    metrics: [metric, { ...metric, max: 5, min: 1, atMost: '0s' }],
    fleetLock: { url: 'https://fleet.example.org/x' },
    urgentWait: '0s',
    drain: { command: ['/bin/drain', ''], after: ['/bin/undrain'] },
  };
  expect(acceptedClient({ client: { gates, account: alice } }).gates).toEqual({
    allow: ['>=1.24 <2', one],
    deny: ['1.24.3'],
    approval: 'required',
    requireHealthy: true,
    specVersion: { is: 'exact', version: 1_025_000 },
    block: 17,
    windows: [
      { cron: '0 2 * * 1-5', for: 240 * minute, zone: 'Europe/Berlin' },
      { cron: '30 12 * * SAT', for: 90 * minute, zone: 'UTC' },
    ],
    minAge: 2_880 * minute,
    rollout: { window: 1_440 * minute, group: 'rack 3' },
    metrics: [
      { ...metric, min: null, atMost: 30 * minute },
      { ...metric, min: 1, max: 5, atMost: 0 },
    ],
    fleetLock: { url: 'https://fleet.example.org/x', group: 'default' },
    urgentWait: 0,
    drain: { command: ['/bin/drain', ''], deadline: 60 * minute, after: ['/bin/undrain'] },
  });
});

describe('what is refused', () => {
  test.each([
    [
      'a zone that does not exist, with the one that was meant',
      { windows: [{ ...window, zone: 'Europe/Berln' }] },
      'windows.0.zone',
      'is no time zone: did you mean "Europe/Berlin"?',
    ],
    [
      'a city alone',
      { windows: [{ ...window, zone: 'new york' }] },
      'windows.0.zone',
      'is no time zone: did you mean "America/New_York"?',
    ],
    [
      'no zone at all',
      { windows: [{ ...window, zone: 'Mars/Olympus' }] },
      'windows.0.zone',
      'is no time zone, such as "Europe/Berlin"',
    ],
    [
      'an offset, which knows no summer',
      { windows: [{ ...window, zone: '+02:00' }] },
      'windows.0.zone',
      'is no time zone',
    ],
    [
      'a window that never opens',
      { windows: [{ ...window, cron: '0 2 30 2 *' }] },
      'windows.0.cron',
      'this window never opens',
    ],
    ['what is no calendar', { windows: [{ ...window, cron: 'at night' }] }, 'windows.0.cron', 'must be five fields'],
    [
      'an hour that there is not',
      { windows: [{ ...window, cron: '0 25 * * *' }] },
      'windows.0.cron',
      'must be five fields',
    ],
    ['six fields', { windows: [{ ...window, cron: '0 0 2 * * *' }] }, 'windows.0.cron', 'must be five fields'],
    [
      'a window of no length',
      { windows: [{ ...window, for: '59s' }] },
      'windows.0.for',
      'must be a time of 60000ms or more',
    ],
    ['a window without a length', { windows: [{ cron: '0 2 * * *' }] }, 'windows.0.for', 'is missing'],
    ['no range', { allow: ['new'] }, 'allow.0', 'must be a range of versions'],
    ['a checksum that is cut short', { deny: [one.slice(0, 40)] }, 'deny.0', 'or the SHA-256 of a release'],
    [
      'both forms of a spec version',
      { specVersion: { min: 1, exact: 1 } },
      'specVersion',
      'must have either "min" or "exact"',
    ],
    ['none of them', { specVersion: {} }, 'specVersion', 'must have either "min" or "exact"'],
    [
      'a metric without a limit',
      { metrics: [{ url: metric.url, name: 'm' }] },
      'metrics.0',
      'must have a limit: min, max',
    ],
    ['one that can never hold', { metrics: [{ ...metric, min: 1 }] }, 'metrics.0.min', 'must not be above "max"'],
    [
      'a metric of another machine',
      { metrics: [{ ...metric, url: 'http://10.0.0.1/m' }] },
      'metrics.0.url',
      'must ask this machine',
    ],
    [
      'a FleetLock server in clear',
      { fleetLock: { url: 'http://10.0.0.1' } },
      'fleetLock.url',
      'must not go unencrypted',
    ],
    ['a group with a space', { fleetLock: { url: 'https://f/', group: 'a b' } }, 'fleetLock.group', 'must be letters'],
    [
      'a drain that depends on where we are',
      { drain: { command: ['drain.sh'] } },
      'drain.command',
      'must begin with an absolute path',
    ],
    ['a drain without a command', { drain: {} }, 'drain.command', 'is missing'],
    ['an approval that is a flag', { approval: true }, 'approval', 'must be "none" or "required"'],
    ['a slip', { window: [] }, 'window', 'did you mean "windows"?'],
  ])('%s', (_, gates, path, words) => {
    expect(rowsIn(argsText({ client: { gates } }))).toEqual([
      [`${at}.${path}`, expect.any(String), expect.stringContaining(words)],
    ]);
  });

  test('a condition on a chain that nobody reads', () => {
    const gates = { specVersion: { min: 1 }, block: 2 };
    const rows = rowsIn(argsText({ client: { gates } }));
    expect(rows.map(([path]) => path)).toEqual([`${at}.specVersion`, `${at}.block`]);
    expect(rows[0]?.[2]).toContain('a chain that nothing reads here');
    expect(rowsIn(argsText({ client: { gates, account: alice } }))).toEqual([]);
    expect(rowsIn(argsText({ client: { gates, release: { source: 'clients-info' } } }))).toEqual([]);
  });
});

test('an edit of the gates is told', () => {
  const before = accepted(argsText());
  const after = accepted(argsText({ client: { gates: { windows: [window], minAge: '1h', approval: 'required' } } }));
  expect(describeChanges(before, after)).toEqual([
    'n/c: gates.approval none → required',
    'n/c: gates.windows none → 0 2 * * 1-5 for 4h Europe/Berlin',
    'n/c: gates.minAge 0s → 1h',
  ]);
});
