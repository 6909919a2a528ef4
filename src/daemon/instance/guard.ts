import { configFor } from '../../config/config-for.ts';
import { placedPrograms } from '../../data/program.ts';
import { programs } from '../../install/deployment-dir.ts';
import type { ClearRequest } from '../../process/clear.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import { atOnce, isMigrationLeft } from '../data/left.ts';
import type { Cell } from './cell.ts';
import type { Guard } from './identity.ts';
import { lastStarted } from './last-started.ts';

/** What clearing the way for a child needs to know, before a start and after the death of a supervisor alike. */
export function clearRequest(guard: Guard, cell: Cell): ClearRequest {
  return {
    ...guard,
    get stop() {
      return isMigrationLeft(cell)
        ? atOnce
        : configFor(cell.config(), lastStarted(cell.value(), cell.folder.childRecord)).stop;
    },
    get refuses() {
      return refusesOrphans(cell);
    },
    record: cell.folder.childRecord,
    // after a power cut there is neither a child nor a lock that it could tell of, and SIGINT waits for it
    save: (path, text) => writeAtomic(path, text, { mode: 0o600, durable: false }),
    programs: async () => [...(await programs(cell.folder)), ...(await placedPrograms(cell.folder.migration))],
    blocked: (words) => tellBlocked(words, cell),
    orphans: (pids, action) => cell.notice({ event: 'orphan', action, pids }),
    log: cell.log,
  };
}

/** What our own child left behind is no orphan of a dead supervisor, and a migration that lost it has nobody else to end it. */
export const refusesOrphans = (cell: Cell): boolean =>
  cell.config().orphans === 'refuse' &&
  cell.child.get() === null &&
  cell.leftAt.get() === null &&
  !isMigrationLeft(cell);

/** Why no child can be started, once for each reason. */
export function tellBlocked(words: string | null, cell: Cell): void {
  if (words === cell.blocked.get()) return;
  cell.blocked.set(words);
  if (words !== null) cell.log.warn({ reason: words }, 'the client is not started');
}
