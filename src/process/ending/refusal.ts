import type { Millis } from '../../core/release.ts';
import { type ChildRecord, isRecorded } from '../child-record.ts';
import { wordsFor } from '../who/process-details.ts';
import type { Process } from '../who/processes.ts';
import type { Stop } from './stop-rule.ts';

/** What is refused leaves when a person ends it, and that may be one whose lock tells nobody: so often it is looked for. */
export const REFUSED_AGAIN: Millis = 10_000;

/** Who is in the way and is not to be signalled, with the command by which whoever reads it can. */
export function refusals(
  ours: readonly Process[],
  record: ChildRecord | null,
  { signal }: Stop,
): Promise<readonly string[]> {
  const main = ours.filter((one) => isRecorded(one, record));
  const words = async (one: Process): Promise<string> =>
    `${await wordsFor(one)} was left by a vaultvisor that died, and is left alone, since orphans is "refuse"; end it: kill -${signal.slice(3)} ${one.pid}`;
  return Promise.all((main.length > 0 ? main : ours).map(words));
}
