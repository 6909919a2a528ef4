import type { ChildRecord } from '../child-record.ts';
import { isRecorded } from '../child-record.ts';
import type { Family } from './family.ts';
import { fileAt } from './file-id.ts';
import { holdersOf } from './holders.ts';
import { executesOneOf, marksOf, wordsFor } from './process-details.ts';
import type { Process } from './processes.ts';

/** What keeps the next child from being started. */
export interface Scene {
  /** What we may end: left by our last child. */
  readonly ours: readonly Process[];
  /** What we may not touch, in words. */
  readonly foreign: readonly string[];
  /** Locks that are held by nobody that can be seen from here. */
  readonly unseen: readonly string[];
}

export interface SceneRequest {
  readonly identity: string;
  /** The client's own lock first, then those it shares with clients of other networks. */
  readonly locks: readonly string[];
  /** Absolute paths of every program of this instance that may still run. */
  programs(): Promise<readonly string[]>;
}

/**
 * Sorts the holders of the refused locks. Ours is who belongs to the family, and, of the client's own lock, who executes a program of ours.
 * For a shared lock a program proves nothing: another instance runs the same bytes, and its child is alive and well.
 */
export async function surveyScene(
  request: SceneRequest,
  record: ChildRecord | null,
  refused: readonly string[],
  family: Family,
): Promise<Scene> {
  const programs = (await request.programs()).map(fileAt).filter((file) => file !== null);
  const kin = new Map(family.members.map((member) => [member.pid, member]));
  const others = new Set(family.others.map(({ pid }) => pid));
  const foreign = new Map<number, string>();
  const unseen: string[] = [];
  for (const path of refused) {
    const holders = await holdersOf(path);
    if (holders.length === 0) unseen.push(path);
    const known = path === request.locks[0] ? programs : [];
    for (const holder of holders) {
      const marks = await marksOf(holder.pid);
      if (marks.helper !== null || kin.has(holder.pid)) continue;
      const isOurs =
        !others.has(holder.pid) &&
        (isRecorded(holder, record) ||
          marks.child === request.identity ||
          (marks.child === null && (await executesOneOf(holder.pid, known))));
      if (isOurs) kin.set(holder.pid, holder);
      else foreign.set(holder.pid, `${await wordsFor(holder)} holds ${path}`);
    }
  }
  return { ours: [...kin.values()], foreign: [...foreign.values()], unseen };
}
