import { describe, expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { noNamespace } from '../../lab/hosts/bare/namespace.ts';
import { hosts } from '../../lab/hosts/experiment.ts';

const obstacle = await noNamespace();
// What a package gives, CI installs; what the kernel does not give, nobody can.
const lacksPackage = obstacle?.startsWith('not installed') === true;
if (obstacle !== null) console.warn(`no namespace of processes here: ${obstacle}`);

const how = { size: 'short', seed: 10, rounds: null, workers: 1, defect: null, say: () => {} } as const;

describe.skipIf(lacksPackage && process.env['CI'] !== 'true')('under tini, in a namespace of processes (root)', () => {
  test('whatever ends the supervisor, no two clients meet, and the right release serves again', async () => {
    expect(lacksPackage).toBe(false);
    if (obstacle !== null) return;
    const { violations, figures } = await conduct(hosts, how);
    expect(violations).toEqual([]);
    expect(figures).toContainEqual({ what: 'scenarios under tini as first process', value: 6 });
  }, 240_000);

  test('a client that inherits no lock is caught where it outlives its supervisor', async () => {
    expect(lacksPackage).toBe(false);
    if (obstacle !== null) return;
    const { violations } = await conduct(hosts, { ...how, rounds: 0, defect: 'no-lock' });
    expect(violations.join('\n')).toMatch(/ overlap (witness|lock) /);
  }, 240_000);
});
