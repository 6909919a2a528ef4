import { existsSync } from 'node:fs';
import type { Account } from '../../account.ts';
import { configFor } from '../../config/config-for.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { Laid } from '../../install/laid.ts';
import type { Child } from '../../process/child.ts';
import { LOG_CAP } from '../../process/output.ts';
import type { Cell } from '../instance/cell.ts';
import { clearRequest, refusesOrphans } from '../instance/guard.ts';
import type { Guard } from '../instance/identity.ts';
import { isUp, type Run } from './up.ts';

/** The next run, where there is one, follows at once: what was proved at the end of the last is kept for it. */
const HAND_ON = 1_000;

/** How long a start counts as one of those under way (`maxStarting`), unless it is healthy or gone before. */
const STARTING = 10_000;

/** What is executed, and as whom. */
export interface Executed {
  readonly program: string;
  readonly start: Laid['start'];
  readonly tini?: string | undefined;
  readonly as?: Account | null;
}

export interface Hooks {
  beforeSpawn(): Promise<void>;
  isUp(): void;
  readonly adopted?: boolean;
}

/** All that the process room must know of one run. */
export function runRequest(
  task: Run,
  { program, start, tini, as = null }: Executed,
  guard: Guard,
  cell: Cell,
  hooks: Hooks,
) {
  const { of } = task;
  return {
    ...clearRequest(guard, cell),
    // as the file says when it is stopped, not when it was started
    get stop() {
      return configFor(cell.config(), of.release).stop;
    },
    get refuses() {
      return refusesOrphans(cell);
    },
    deployment: of.id,
    program,
    as,
    folders: dataFolders(cell),
    tini,
    args: start.args,
    env: start.env,
    cwd: of.cwd,
    home: cell.services.home.root,
    logFile: cell.folder.log,
    logCap: LOG_CAP,
    // of an instance that ends nothing is kept: its home may be another daemon's in a moment
    get handOn() {
      return cell.stopping.aborted ? undefined : HAND_ON;
    },
    texts: textsOf(of, cell),
    beforeSpawn: hooks.beforeSpawn,
    started: (child: Child) => {
      isUp(task, child, hooks.adopted ?? false, cell);
      setTimeout(hooks.isUp, startingOf(of, cell)).unref();
    },
  };
}

/** What is looked for in its lines. */
export function textsOf({ release }: Deployment, cell: Cell): readonly string[] {
  const { probes, noRestart } = configFor(cell.config(), release);
  return [...noRestart.lines, ...probes.flatMap((probe) => (probe.kind === 'log' ? [probe.text] : []))];
}

/** How long its start counts (ms). */
export const startingOf = ({ release }: Deployment, cell: Cell) =>
  Math.min(STARTING, configFor(cell.config(), release).health.minHealthyTime);

/** Beside its working directory. */
const dataFolders = (cell: Cell): readonly string[] => {
  const { data } = cell.config();
  return data !== null && existsSync(data.dir) ? [data.dir] : [];
};
