import type { Run } from '../../daemon/logs/runs.ts';
import { clockWords } from '../../observe/words/time.ts';

/** What stands before the lines of a run: what ran, since when, and how it ended. */
export function runWords(run: Run | null): string {
  if (run === null) return 'an earlier run';
  const pid = run.pid === null ? '' : `, pid ${run.pid}`;
  const since = `since ${clockWords(new Date(run.began).toISOString())}`;
  const until =
    run.ended === null ? '' : ` until ${clockWords(new Date(run.ended.at).toISOString())}: ${run.ended.why}`;
  return `${run.release}${pid}, ${since}${until}`;
}
