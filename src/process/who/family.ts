import { type ChildRecord, isRecorded } from '../child-record.ts';
import { bootId } from '../machine.ts';
import type { Marks } from './marks.ts';
import { innerPid, marksOf } from './process-details.ts';
import { type Process, processAt, processes } from './processes.ts';

/** Who belongs to a client, whether or not it holds a lock. */
export interface Family {
  /** The recorded child, its process group, and who carries the client's mark. */
  readonly members: readonly Process[];
  /** Those of which another daemon is the living parent: copied homes, or lock folders that are not shared, make them look like ours. */
  readonly others: readonly Process[];
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
  const byPid = new Map(seen.map((entry) => [entry.one.pid, entry]));
  const isOthers = (entry: Entry): boolean => {
    for (let at: Entry | undefined = entry; at !== undefined; at = byPid.get(at.one.parent))
      if (at.marks.child !== null && isStillBy(at)) return at.one.parent !== process.pid;
    return false;
  };
  const belongs = ({ one, marks }: Entry): boolean =>
    marks.child === identity || isRecorded(one, record) || (marks.child === null && ofGroup(one));
  const kin = seen.filter(belongs);
  const isLeftOver = (entry: Entry): boolean => entry.marks.helper === identity && !isStillBy(entry);
  return {
    members: kin.filter((entry) => !isOthers(entry)).map(({ one }) => one),
    others: kin.filter(isOthers).map(({ one }) => one),
    helpers: seen.filter(isLeftOver).map(({ one }) => one),
  };
}

interface Entry {
  readonly one: Process;
  readonly marks: Marks;
}

/** Whether its parent is who started it, as both see themselves: in a container a process has a number of its own. */
function isStillBy({ one, marks }: Entry): boolean {
  return marks.starter !== null && (marks.starter === String(one.parent) || marks.starter === innerPid(one.parent));
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
