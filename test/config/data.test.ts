import { expect, test } from 'vitest';
import { parseArgsFile } from '../../src/config/load.ts';

const release = { source: 'manifest', url: 'https://example.org/release.json' };
const file = (clients: Record<string, object>) =>
  parseArgsFile(
    JSON.stringify({
      home: '/var/lib/vaultvisor',
      networks: {
        n: {
          clients: Object.fromEntries(
            Object.entries(clients).map(([name, data]) => [name, { release, identity: name, data }]),
          ),
        },
      },
    }),
  );

function dataOf(data: object) {
  const parsed = file({ c: data });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.config.networks[0]?.clients[0]?.data;
}

test('where the data lie is absolute, or below the folder of the client; their backups have a folder of their own', () => {
  const root = '/var/lib/vaultvisor/instances/n/c';
  const usual = { keep: 2, deadline: 30 * 60_000, rollback: 'never' };
  expect(dataOf({ dir: '{data}/db' })).toEqual({ dir: `${root}/data/db`, backups: `${root}/backups`, ...usual });
  expect(dataOf({ dir: '/srv/db/', backupDir: '/backup', keep: 0, deadline: '2h', rollback: 'restore' })).toEqual({
    dir: '/srv/db',
    backups: '/backup/n/c',
    keep: 0,
    deadline: 2 * 3_600_000,
    rollback: 'restore',
  });
  expect(dataOf({ keep: 5 })).toBeNull();
});

test.each([
  ['the home', { c: { dir: '/var/lib' } }, 'must not hold the home'],
  ['everything', { c: { dir: '/' } }, 'must not hold the home'],
  ['its backups', { c: { dir: '/srv', backupDir: '/srv/backup' } }, 'must not hold the folder of its backups'],
  [
    'it is held by its backups',
    { c: { dir: '/b/n/c/db', backupDir: '/b' } },
    'must not lie in the folder of its backups',
  ],
  ["another's data", { c: { dir: '/srv/c' }, d: { dir: '/srv/c/d' } }, 'must not share its folder with that of n/d'],
])('a folder of data that holds more than the data of one client is refused: %s', (_, clients, message) => {
  expect(JSON.stringify(file(clients as Record<string, object>))).toContain(message);
});

test.each([
  ['a relative path', { dir: 'db' }, 'must be an absolute path'],
  [
    'a word that is none',
    { dir: '/srv', rollback: 'always' },
    'must be \\"never\\", \\"compatible\\" or \\"restore\\"',
  ],
  ['a key that is unknown', { dir: '/srv', rolback: 'never' }, 'rollback'],
])('%s is refused', (_, data, message) => {
  expect(JSON.stringify(file({ c: data }))).toContain(message);
});
