import type { Millis } from '../../core/release.ts';
import { failed, type MetricProbe, type Outcome, passed } from '../probe.ts';
import { nameOf, roseTooFar, shownUrl } from '../reasons.ts';
import { type Answer, getOurs } from './get.ts';
import { sumOf } from './metric-page.ts';
import type { Rises } from './rises.ts';

const pageCap = 4 * 1024 * 1024;

export interface MetricLife {
  readonly pid: number;
  readonly rises: Rises;
  readonly now: () => number;
}

/** Passes when the metric on our child's page keeps its limits; `exceeded` when its counter rose too far in this life. */
export async function probeMetric(
  probe: MetricProbe,
  life: MetricLife,
  limit: Millis,
  signal: AbortSignal,
): Promise<Outcome> {
  const answer = await getOurs(probe.url, life.pid, pageCap, limit, signal);
  if (typeof answer === 'string') return failed(answer);
  const value = readValue(probe, answer);
  return typeof value === 'string' ? failed(value) : compare(probe, value, life);
}

function readValue(probe: MetricProbe, { status, body, isCut }: Answer): number | string {
  if (status < 200 || status >= 300) return `${shownUrl(probe.url)} answered ${status}`;
  if (isCut) return `the page ${shownUrl(probe.url)} is longer than 4 MiB`;
  const value = sumOf(body.toString('utf8'), probe.name);
  if (value === null) return `${nameOf(probe)} is not on the page ${shownUrl(probe.url)}`;
  return Number.isFinite(value) ? value : `${nameOf(probe)} is ${value}`;
}

function compare(probe: MetricProbe, value: number, life: MetricLife): Outcome {
  const { min, max, maxRise } = probe;
  const rise = life.rises.hear(value, life.now());
  if (maxRise !== null && rise > maxRise) {
    return { is: 'exceeded', why: roseTooFar(probe.name, rise, maxRise, probe.within) };
  }
  if (min !== null && value < min) return failed(`${nameOf(probe)} is ${value} (at least ${min})`);
  if (max !== null && value > max) return failed(`${nameOf(probe)} is ${value} (at most ${max})`);
  return passed;
}
