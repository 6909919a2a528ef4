import type { Millis } from '../core/release.ts';
import { getOurs } from './kinds/get.ts';
import { type Page, pageCap, valueOn } from './kinds/metric.ts';
import { leastOf, sumOf } from './kinds/metric-page.ts';

const limit: Millis = 5_000;

/** One metric of our child's page, the least of its series; else the words that say why there is none. Rejects only when `signal` aborts. */
export const readLeast = (page: Page, pid: number, signal: AbortSignal): Promise<number | string> =>
  read(page, pid, leastOf, signal);

/** The same, its series summed. */
export const readSum = (page: Page, pid: number, signal: AbortSignal): Promise<number | string> =>
  read(page, pid, sumOf, signal);

async function read(page: Page, pid: number, of: typeof sumOf, signal: AbortSignal): Promise<number | string> {
  const answer = await getOurs(page.url, pid, pageCap, limit, signal);
  return typeof answer === 'string' ? answer : valueOn(page, answer, of);
}
