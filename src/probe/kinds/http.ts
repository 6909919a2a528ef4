import type { Millis } from '../../core/release.ts';
import { failed, type Outcome, passed } from '../probe.ts';
import { shownUrl } from '../reasons.ts';
import { getOurs } from './get.ts';

/** So much of an answer is read; a longer one is an answer all the same. */
const bodyCap = 1024 * 1024;

/** Passes when our child's server answers 2xx within the limit; a redirect is not followed. */
export async function probeHttp(url: string, pid: number, limit: Millis, signal: AbortSignal): Promise<Outcome> {
  const answer = await getOurs(url, pid, bodyCap, limit, signal);
  if (typeof answer === 'string') return failed(answer);
  const isFine = answer.status >= 200 && answer.status < 300;
  return isFine ? passed : failed(`${shownUrl(url)} answered ${answer.status}`);
}
