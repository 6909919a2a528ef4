import type { Millis } from '../../core/release.ts';
import { failed, type MetricProbe, type Outcome, passed } from '../probe.ts';
import { nameOf, quoted, roseTooFar, shownUrl } from '../reasons.ts';
import { type Answer, getOurs } from './get.ts';
import { sumOf } from './metric-page.ts';
import type { Rises } from './rises.ts';

export const pageCap = 4 * 1024 * 1024;

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
  const value = valueOn(probe, answer, sumOf);
  return typeof value === 'string' ? failed(value) : compare(probe, value, life);
}

/** A page, and the metric on it that is meant. */
export interface Page {
  readonly url: string;
  readonly name: string;
}

/** The metric on an answered page, its series joined by `of`; else the words that say why there is none. */
export function valueOn(page: Page, { status, body, isCut }: Answer, of: typeof sumOf): number | string {
  const { url, name } = page;
  if (status < 200 || status >= 300) return `${shownUrl(url)} answered ${status}`;
  if (isCut) return `the page ${shownUrl(url)} is longer than 4 MiB`;
  const value = of(body.toString('utf8'), name);
  if (value === null) return `metric ${quoted(name)} is not on the page ${shownUrl(url)}`;
  return Number.isFinite(value) ? value : `metric ${quoted(name)} is ${value}`;
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
