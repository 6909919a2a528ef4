import { expect, it } from 'vitest';
import { durable } from '../../src/core/born.ts';
import { deploymentOf } from '../../src/core/deployment.ts';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Instance } from '../../src/core/instance.ts';
import { everHealthy, isBarred, isProven } from '../../src/core/questions.ts';
import type { Release } from '../../src/core/release.ts';
import { announced, instance, now, told } from './given.ts';
import { settingsOf } from './walk/names.ts';

const release = (n: number): Release => ({
  checksum: `0x${n.toString(16).padStart(64, '0')}`,
  uri: 'https://r',
  version: 'v',
});
const idOf = (n: number, settings = settingsOf(1)) => deploymentOf(release(n), settings).id;

/** A release is named, laid out and let in; `verdict` is how it does. */
const trial = (n: number, verdict: readonly InstanceEvent[], specVersion = 1): readonly InstanceEvent[] => [
  { ...announced(null), current: release(n), specVersion, block: n },
  { type: 'fetched', of: idOf(n) },
  { type: 'cleared', of: idOf(n) },
  ...verdict,
];
const healthy = (n: number): InstanceEvent => ({ type: 'healthy', of: idOf(n) });
const unhealthy = (n: number): InstanceEvent => ({ type: 'unhealthy', of: idOf(n), reason: 'down' });
const good = (n: number, specVersion = 1) => trial(n, [healthy(n)], specVersion);
/** What it came from is well again afterwards. */
const bad = (n: number, former: number) => trial(n, [unhealthy(n), healthy(former)]);

const sizeOf = (i: Instance): number => JSON.stringify(durable(i)).length;
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
const first = told(instance(), good(1));

it('releases of many years leave a state no larger than those of some', () => {
  const some = told(
    first,
    many(2, 400).flatMap((n) => good(n)),
  );
  const more = told(
    some,
    many(400, 1_200).flatMap((n) => good(n)),
  );
  expect(sizeOf(more) - sizeOf(some)).toBeLessThan(64);
  expect(more.slot).toMatchObject({ at: 'running', verdict: 'healthy', deployment: { id: idOf(1_199) } });
  expect([1_199, 1_198, 1_000].map((n) => everHealthy(more, release(n).checksum))).toEqual([true, true, true]);
});

it('failures of many years too; the newest stay out', () => {
  const some = told(
    first,
    many(2, 60).flatMap((n) => bad(n, 1)),
  );
  const more = told(
    some,
    many(60, 400).flatMap((n) => bad(n, 1)),
  );
  expect(sizeOf(more) - sizeOf(some)).toBeLessThan(64);
  expect(more.slot).toMatchObject({ at: 'running', deployment: { id: idOf(1) } });
  expect(many(390, 400).every((n) => isBarred(more, deploymentOf(release(n), settingsOf(1))))).toBe(true);
});

it('a person’s no stays, however much fails after it', () => {
  const said = told(first, [...good(2), { type: 'rejected' }]);
  const more = told(
    said,
    many(3, 100).flatMap((n) => bad(n, 1)),
  );
  expect(isBarred(more, deploymentOf(release(2), settingsOf(1)))).toBe(true);
});

it('what serves and its way back stay proven through many runtimes and many others', () => {
  const runtimes = told(
    first,
    many(2, 200).flatMap((spec): readonly InstanceEvent[] => [
      { ...announced(null), current: release(1), specVersion: spec, block: spec },
      healthy(1),
    ]),
  );
  expect(isProven(runtimes, release(1).checksum)).toBe(true);
  expect(runtimes.proven[release(1).checksum]).toHaveLength(16);
  expect(runtimes.proven[release(1).checksum]?.at(-1)).toBe(199);
  const pinned = told(
    runtimes,
    many(2, 700).flatMap((n) => good(n, 199)),
    now,
    { keep: 700 },
  );
  expect(isProven(pinned, release(1).checksum)).toBe(true);
});
