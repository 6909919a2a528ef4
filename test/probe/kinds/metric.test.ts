import { expect, test } from 'vitest';
import { probeMetric } from '../../../src/probe/kinds/metric.ts';
import { createRises } from '../../../src/probe/kinds/rises.ts';
import type { MetricProbe } from '../../../src/probe/probe.ts';
import { startIdle } from '../support/processes.ts';
import { never, serve } from '../support/servers.ts';

const life = () => ({ pid: process.pid, rises: createRises(600_000), now: () => performance.now() });
const none = { min: null, max: null, maxRise: null, within: null };
const limits = (url: string, own: Partial<MetricProbe>): MetricProbe => ({
  kind: 'metric',
  url: `${url}/metrics`,
  name: 'open_redeems',
  ...none,
  ...own,
});

test.each([
  ['5', { min: 5, max: 5 }, null],
  ['4', { min: 5 }, 'metric open_redeems is 4 (at least 5)'],
  ['6', { max: 5 }, 'metric open_redeems is 6 (at most 5)'],
  ['NaN', { max: 5 }, 'metric open_redeems is NaN'],
  ['+Inf', { min: 5 }, 'metric open_redeems is Infinity'],
  ['soon', { min: 5 }, 'metric open_redeems is NaN'],
])('%s against %j: %s', async (value, own, why) => {
  const { url } = await serve((_request, response) =>
    response.end(`# TYPE open_redeems gauge\nopen_redeems ${value}\n`),
  );
  const outcome = await probeMetric(limits(url, own), life(), 5_000, never);
  expect(outcome).toEqual(why === null ? { is: 'passed' } : { is: 'failed', why });
});

test('a metric that is not there, a page that is not there, a page too long: each in words', async () => {
  const empty = await serve((_request, response) => response.end('other 1\n'));
  const gone = await serve((_request, response) => response.writeHead(404).end('open_redeems 1\n'));
  const long = await serve((_request, response) => response.end(`open_redeems 1\n${'#'.repeat(4 * 1024 * 1024)}\n`));
  const whyOf = async (url: string) => probeMetric(limits(url, { min: 1 }), life(), 5_000, never);
  expect(await whyOf(empty.url)).toMatchObject({ why: `metric open_redeems is not on the page ${empty.url}/metrics` });
  expect(await whyOf(gone.url)).toMatchObject({ is: 'failed', why: `${gone.url}/metrics answered 404` });
  expect(await whyOf(long.url)).toMatchObject({
    is: 'failed',
    why: `the page ${long.url}/metrics is longer than 4 MiB`,
  });
});

test('a counter may rise so far and no further, in one life', async () => {
  let count = 7;
  const { url } = await serve((_request, response) => response.end(`open_redeems ${count}\n`));
  const probe = limits(url, { maxRise: 1, within: 600_000 });
  const first = life();
  const ask = (own = first) => probeMetric(probe, own, 5_000, never);
  expect(await ask()).toEqual({ is: 'passed' });
  count = 8;
  expect(await ask()).toEqual({ is: 'passed' });
  count = 10;
  const why = 'metric open_redeems rose by 3 within 10m (limit 1)';
  expect(await ask()).toEqual({ is: 'exceeded', why });
  expect(await ask()).toEqual({ is: 'exceeded', why });
  expect(await ask(life())).toEqual({ is: 'passed' });
});

test("another's page says nothing of our child, and does not enter its series", async () => {
  const { url } = await serve((_request, response) => response.end('open_redeems 1\n'));
  const outcome = await probeMetric(limits(url, { min: 1 }), { ...life(), pid: startIdle() }, 5_000, never);
  expect(outcome).toMatchObject({ is: 'failed', why: expect.stringContaining('not listened on by our child') });
});
