import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import type { Instance } from '../../core/instance.ts';
import type { Task } from '../../core/tasks.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { migrateData } from '../data/migrate.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { clearOrphan } from '../instance/clear-orphan.ts';
import { claimIdentity } from '../instance/identity.ts';
import type { Stage } from '../reconciler.ts';
import { obtain } from './obtain.ts';
import { tellProgress } from './progress.ts';

type Migrate = Extract<Task, { do: 'migrate' }>;

/** Brings the data into the form of a release while no client is up. Ends in `migrated` or `migrationFailed`; what then becomes of the data is another task. */
export async function migrateTask({ of, update, migrations }: Migrate, cell: Cell, stage: Stage): Promise<TaskEvent> {
  const { signal, enter } = stage;
  try {
    const blobs = await Promise.all(migrations.map((migration) => obtain(migration, cell, signal)));
    const guard = await claimIdentity(cell, signal);
    await enter();
    signal.throwIfAborted();
    await migrateData({ update, from: replacedIn(cell.value()), of, migrations, blobs }, guard, cell, signal);
    return { type: 'migrated', of: of.id };
  } catch (error) {
    signal.throwIfAborted();
    const next = error instanceof VisorError ? error.next : undefined;
    cell.log.error({ ...briefly(of), update, reason: sentenceOf(error), next }, 'the data could not be migrated');
    return { type: 'migrationFailed', of: of.id, reason: sentenceOf(error) };
  } finally {
    tellProgress(cell, null);
    // who is told to stop before it began leaves what it would have ended first
    if (signal.aborted && !cell.isClear.get()) await clearOrphan(cell);
  }
}

const replacedIn = ({ slot }: Instance): Deployment | null => (slot.at === 'switching' ? slot.from.deployment : null);
