import { expect, test } from 'vitest';
import { parseArgsFile } from '../../src/config/load.ts';
import type { ClientConfig } from '../../src/config/settings.ts';

function clientOf(settings: object, defaults: object = {}): ClientConfig {
  const release = { source: 'manifest', url: 'file:///m.json' };
  const parsed = parseArgsFile(
    JSON.stringify({ home: '/h', networks: { n: { clients: { c: { release, ...settings } } } }, defaults }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.networks[0]!.clients[0]!;
}

const minute = 60_000;

test.each([
  ['nothing is said', {}, {}, [5 * minute, 30 * minute]],
  ['only a short deadline', { health: { healthyDeadline: '1m' } }, {}, [minute, minute]],
  ['only a long time to be healthy', { health: { minHealthyTime: '2h' } }, {}, [120 * minute, 120 * minute]],
  ['only a deadline that fits', { health: { healthyDeadline: '1h' } }, {}, [5 * minute, 60 * minute]],
  ['both', { health: { minHealthyTime: '1s', healthyDeadline: '2s' } }, {}, [1_000, 2_000]],
  [
    'one in the defaults of the file',
    { health: { healthyDeadline: '10m' } },
    { health: { minHealthyTime: '1m' } },
    [minute, 10 * minute],
  ],
])(
  'the default of the one gives way to what is said of the other: %s',
  (_, settings, defaults, [shortest, longest]) => {
    const { health } = clientOf(settings, defaults);
    expect([health.minHealthyTime, health.healthyDeadline]).toEqual([shortest, longest]);
  },
);

test('the same of every pair', () => {
  expect(clientOf({ restart: { max: '500ms' } }).restart).toMatchObject({ after: 500, max: 500 });
  expect(clientOf({ retry: { max: '1s' } }).retry).toMatchObject({ after: 1_000, max: 1_000 });
  expect(clientOf({ retry: { after: '2d' } }).retry).toMatchObject({
    after: 2 * 24 * 60 * minute,
    max: 2 * 24 * 60 * minute,
  });
  expect(clientOf({ download: { retry: { max: '10s' } } }).download).toMatchObject({ after: 10_000, max: 10_000 });
});
