import { statSync } from 'node:fs';
import type { InstanceFolder } from '../../layout.ts';
import { followLog } from './follow-log.ts';
import { runsIn } from './recorded-runs.ts';
import { isAnother, type Run } from './runs.ts';

/** What a client has written since the last look, each line with its run. */
export type FollowRuns = () => AsyncGenerator<{ readonly run: Run | null; readonly text: string }>;

/** Events that a start among them is looked for in. */
const NEWEST = 50;

/** A run that begins meanwhile is in the history at once; what the one before wrote until then is read first. */
export async function followRuns(folder: InstanceFolder, from: number): Promise<FollowRuns> {
  let known = '';
  let run: Run | null = (await runsIn(folder)).at(-1) ?? null;
  const log = await followLog(folder.log, from);

  async function* upTo(until?: number) {
    for await (const text of log.look(until)) yield { run, text };
  }

  return async function* look() {
    const present = stampOf(folder.history);
    const next = present === known ? run : ((await runsIn(folder, NEWEST)).at(-1) ?? run);
    known = present;
    if (isAnother(next, run)) yield* upTo(next?.logFrom ?? undefined);
    run = next;
    yield* upTo();
  };
}

/** Another one whenever the file is another. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
