import type { InstanceFolder } from '../../layout.ts';
import type { HistoryLine } from '../../observe/story/line.ts';
import { openHistory } from '../../store/history.ts';
import { type Run, runsOf } from './runs.ts';

/** The runs of a client by its history, the oldest first; `limit`: by its newest events alone. */
export async function runsIn({ history }: InstanceFolder, limit?: number): Promise<readonly Run[]> {
  return runsOf((await openHistory(history).read(limit === undefined ? {} : { limit })) as HistoryLine[]);
}
