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
export const hasSettled = (stage: Stage, status: InstanceStatus): boolean => missing(stage, status) === null;

/** What the right end still lacks, in words; `null`: it is reached. */
function missing({ good, bad, edit, folder, gone }: Stage, status: InstanceStatus): string | null {
  const { phase, verdict, next, current, child, quarantined } = status;
  if (phase !== 'running' || verdict !== 'healthy' || next !== null) return `it is ${phase} and ${verdict}`;
  if (current?.checksum !== good?.checksum || child?.checksum !== good?.checksum) return 'another release serves';
  // where what was committed failed too, those before it are excused; that none is forgotten is asked of the state
  const failed = bad.at(-1)?.checksum;
  if (failed !== undefined && !quarantined.some(({ checksum }) => checksum === failed)) return 'no quarantine';
  if (child?.pid === gone) return 'the child that died is the child still';
  const recorded = readRecord(folder.childRecord)?.child?.pid;
  if (recorded !== child?.pid) return `the record names the child ${recorded}`;
  const link = deploymentAt(folder.current);
  if (link !== current?.deployment) return `the link points to ${link}`;
  const isEdited = edit === null || textAt(`/proc/${child?.pid}/cmdline`).split('\0').includes(edit);
  return isEdited ? null : 'its arguments are not the edited ones';
}

/** A busy machine may take long; what never comes is told with what was seen last. */
const PATIENCE = 120_000;

export async function settled(stage: Stage): Promise<InstanceStatus> {
  let lack: string | null = 'nothing was heard';
  const look = (status: InstanceStatus) => {
    lack = missing(stage, status);
    return lack === null;
  };
  try {
    return await stage.scene.until(PLACE, 'the right end', look, PATIENCE);
  } catch (error) {
    throw new Error(`${lack}: ${error instanceof Error ? error.message : error}`);
  }
}

function deploymentAt(link: string): string | null {
  try {
    return basename(readlinkSync(link));
  } catch {
    return null;
  }
}
