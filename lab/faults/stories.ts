import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { readRecord } from '../../src/process/child-record.ts';
import { textAt } from '../support/journal.ts';
import { children } from './checks/disk.ts';
import { PLACE, type Stage } from './stage.ts';

/** Something that is told to a daemon, and how it must end whatever happens meanwhile. */
export interface Story {
  readonly name: string;
  /** Whether it begins with the daemon itself; else a daemon runs that has settled. */
  readonly isOfStart: boolean;
  /** Whether it needs a home in which nothing ever was. */
  readonly isOfNewHome: boolean;
  /** Tells it; before the daemon's start where the story is of it. */
  begin(stage: Stage): Promise<void>;
}

const update: Story = {
  name: 'update',
  isOfStart: false,
  isOfNewHome: false,
  async begin(stage) {
    const next = stage.build('steady');
    stage.named.push(next);
    stage.good = next;
    await stage.scene.name(PLACE, next);
  },
};

export const stories: readonly Story[] = [
  { ...update, name: 'first start', isOfStart: true, isOfNewHome: true },
  { name: 'restart', isOfStart: true, isOfNewHome: false, begin: async () => {} },
  update,
  {
    name: 'rollback',
    isOfStart: false,
    isOfNewHome: false,
    async begin(stage) {
      const next = stage.build('crash');
      stage.named.push(next);
      stage.bad.push(next);
      await stage.scene.name(PLACE, next);
    },
  },
  {
    name: 'edit',
    isOfStart: false,
    isOfNewHome: false,
    async begin(stage) {
      stage.edit = `edit-${Number(stage.edit?.split('-')[1] ?? 0) + 1}`;
      await stage.configure();
    },
  },
];

/** An update that migrates the data, and one whose migration says no when it has done half of it. */
export const migrations: readonly Story[] = [
  {
    name: 'migration',
    isOfStart: false,
    isOfNewHome: false,
    async begin(stage) {
      const next = stage.build('steady');
      stage.named.push(next);
      stage.good = next;
      const migration = stage.data.writeMigration(stage.folder.deployments, 'succeeds');
      await stage.scene.name(PLACE, next, { migrations: [migration] });
    },
  },
  {
    name: 'failed migration',
    isOfStart: false,
    isOfNewHome: false,
    async begin(stage) {
      const next = stage.build('steady');
      stage.named.push(next);
      stage.bad.push(next);
      const migration = stage.data.writeMigration(stage.folder.deployments, 'fails');
      await stage.scene.name(PLACE, next, { migrations: [migration] });
    },
  },
];

/** The child dies by itself, once it was up for long enough to be no crash loop. */
export const crash: Story = {
  name: 'crash',
  isOfStart: false,
  isOfNewHome: false,
  async begin(stage) {
    await sleep(400);
    for (const { pid } of children(stage)) {
      stage.gone = pid;
      process.kill(pid, 'SIGKILL');
    }
  },
};

/** Whether all that was told has come to its right end, what is said of it on disk too, and nothing goes on any more. */
export function hasSettled(stage: Stage, status: InstanceStatus): boolean {
  const { good, bad, edit, folder } = stage;
  if (status.phase !== 'running' || status.verdict !== 'healthy' || status.next !== null) return false;
  if (status.current?.checksum !== good?.checksum || status.child?.checksum !== good?.checksum) return false;
  if (!bad.every(({ checksum }) => status.quarantined.some((one) => one.checksum === checksum))) return false;
  if (status.child?.pid === stage.gone) return false;
  if (readRecord(folder.childRecord)?.child?.pid !== status.child?.pid) return false;
  if (deploymentAt(folder.current) !== status.current?.deployment) return false;
  return edit === null || textAt(`/proc/${status.child?.pid}/cmdline`).split('\0').includes(edit);
}

/** A busy machine may take long; what never comes is told with what was seen last. */
const PATIENCE = 120_000;

export const settled = (stage: Stage): Promise<InstanceStatus> =>
  stage.scene.until(PLACE, 'the right end', (status) => hasSettled(stage, status), PATIENCE);

function deploymentAt(link: string): string | null {
  try {
    return basename(readlinkSync(link));
  } catch {
    return null;
  }
}
