import { type ChildRecord, isRecorded } from '../child-record.ts';
import { bootId } from '../machine.ts';
import type { Marks } from './marks.ts';
import { marksOf } from './process-details.ts';
import { type Process, processAt, processes } from './processes.ts';

/** Who belongs to a client, whether or not it holds a lock. */
export interface Family {
  /** The recorded child, its process group, and who carries the client's mark. */
  readonly members: readonly Process[];
  /** Helpers of a supervisor that is gone: they may be ended at any time. */
  readonly helpers: readonly Process[];
}

/**
 * Looks at every process of the machine: finds also what dropped the lock. What dropped lock, group and mark is out of reach.
 * @param since right after a run of ours, the Process.start of its child: who was there before it was looked at then, and is none of its descendants
 */
export async function findFamily(
  identity: string,
  record: ChildRecord | null,
  since: number | null = null,
): Promise<Family> {
  const ofGroup = groupOf(record);
  const others = processes().filter(({ pid, start }) => pid !== process.pid && start >= (since ?? 0));
  const seen = await Promise.all(others.map(async (one) => ({ one, marks: await marksOf(one.pid) })));
  const belongs = ({ one, marks }: { one: Process; marks: Marks }): boolean =>
    marks.child === identity || isRecorded(one, record) || (marks.child === null && ofGroup(one));
  const isLeftOver = ({ one, marks }: { one: Process; marks: Marks }): boolean =>
    marks.helper === identity && marks.starter !== String(one.parent);
  return {
    members: seen.filter(belongs).map(({ one }) => one),
    helpers: seen.filter(isLeftOver).map(({ one }) => one),
  };
}

/** A group keeps its number while it has members; but once its leader is another process than the recorded one, it is another group. */
function groupOf(record: ChildRecord | null): (one: Process) => boolean {
  const child = record?.child;
  if (!child || child.boot !== bootId()) return () => false;
  const leader = processAt(child.pid);
  const isReused = leader !== null && leader.start !== child.start;
  return ({ group, session, start }) =>
    !isReused && group === child.pid && session === child.pid && start >= child.start;
}
