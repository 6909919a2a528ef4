import { expect, test } from 'vitest';
import { explain } from '../../src/cli/check/explain.ts';
import { born } from '../../src/core/born.ts';
import type { Instance } from '../../src/core/instance.ts';
import { withSettings } from '../../src/core/questions.ts';
import { acceptedClient } from '../config/args-text.ts';
import { policy } from '../core/given.ts';
import { checksum, deployment, release, settings } from '../support/deployments.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const old = born(settings('old'), null);
const serves: Instance = {
  ...old,
  slot: { at: 'running', deployment: deployment('old'), verdict: 'healthy', reason: null, exits: 0, youngUntil: null },
  chain: { ...old.chain, named: release('new'), block: 13 },
};
const coming: Instance = {
  ...serves,
  next: { at: 'fetching', deployment: deployment('new'), reason: null, retryAt: null },
} as Instance;
const config = acceptedClient({ client: { release: { source: 'clients-info', client: 'vault' } } });
const place = `${config.network}/${config.client}`;
const told = (i: Instance, rules = policy) => explain(i, config, rules, now);

test('why it is this release: the pallet and its block, or the person who pinned it', () => {
  expect(told(serves).because).toBe(`ClientsInfo on ${config.network} names it for "vault" in block 13`);
  const pinned = { release: release('new'), over: null, forever: true };
  expect(told({ ...serves, said: { ...serves.said, pinned } }).because).toMatch(/^a person pinned 0x\w{8}… for ever$/);
});

test('nothing is missing where it comes by itself', () => expect(told(coming).bring).toEqual([]));

test.each<[string, Instance, typeof policy, string]>([
  [
    'a hold with an end',
    { ...coming, said: { ...coming.said, held: { since: now, until: now + 3_600_000 } } },
    policy,
    `the end of the hold at 2026-11-21 13:00:00 UTC (in 1 h), or \`vaultvisor unhold ${place}\``,
  ],
  [
    'a hold without one',
    { ...coming, said: { ...coming.said, held: { since: now, until: null } } },
    policy,
    `\`vaultvisor unhold ${place}\``,
  ],
  ['a stop', { ...coming, said: { ...coming.said, stopped: true } }, policy, `\`vaultvisor start ${place}\``],
  ['an approval', coming, { ...policy, approval: true }, `\`vaultvisor approve ${place} ${checksum('new')}\``],
  [
    'a pin of another',
    { ...serves, said: { ...serves.said, pinned: { release: release('old'), over: null, forever: true } } },
    policy,
    `\`vaultvisor unpin ${place}\``,
  ],
  [
    'a quarantine',
    {
      ...serves,
      bars: [
        {
          by: 'failure',
          of: withSettings(serves, release('new'))[0],
          attempts: 1,
          reason: 'x',
          wait: { for: 'time', until: now + 60_000 },
        },
      ],
    } as Instance,
    policy,
    `another try at 2026-11-21 12:01:00 UTC (in 1 min), or \`vaultvisor retry ${place}\``,
  ],
  [
    'a rejection by a person',
    { ...serves, bars: [{ by: 'person', checksum: checksum('new'), deployment: null }] },
    policy,
    `\`vaultvisor retry ${place}\``,
  ],
])('%s: what would bring it', (_what, i, rules, words) => expect(told(i, rules).bring).toEqual([words]));
