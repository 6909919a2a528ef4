import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from '../support/daemon.ts';
import type { Disk } from '../support/disk/disk.ts';
import type { Loss } from '../support/disk/power.ts';
import { textAt } from '../support/journal.ts';
import { endAllOf, processesOf } from '../support/left-over.ts';
import { everySeen, type Seen } from '../support/moment.ts';
import type { Scene } from '../support/scene.ts';
import { boot, type Machine } from './machine.ts';

/** How a disk loses its power, with all that works on it. */
export interface Power {
  /** What can be seen from outside before it is cut. */
  readonly seen: readonly Seen[];
  /** Whether the daemon can be asked. */
  readonly isNear: boolean;
  readonly losses: readonly Loss[];
  /** Sees that a daemon runs over the disk; it is one that `daemon` names if that is not null. */
  on(daemon: Daemon | null): Promise<Daemon | null>;
  /** Cuts it, and ends what ran. The disk is unmounted afterwards. */
  off(loss: Loss): Promise<void>;
}

/** The file system is shut down under a daemon of this machine. */
export function shutDown(scene: Scene, disk: Disk, cut: (at: string, loss: Loss) => void): Power {
  let running: Daemon | null = null;
  return {
    seen: everySeen,
    isNear: true,
    losses: ['all', 'all', 'all', 'all', 'all', 'data', 'data', 'nothing'],
    async on(daemon) {
      running = daemon ?? scene.start();
      return running;
    },
    async off(loss) {
      cut(disk.at, loss);
      running?.kill('SIGKILL');
      endAllOf(`${scene.folder}/`);
      await running?.ended;
      for (; processesOf(`${scene.folder}/`).length > 0; await sleep(2)) endAllOf(`${scene.folder}/`);
      await disk.unmount();
    },
  };
}

/** How long a machine may take to its daemon (ms). */
const PATIENCE = 120_000;

async function up({ folder }: Scene, before: number): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(20))
    if (textAt(`${folder}/daemon.log`).slice(before).includes('vaultvisor runs')) return;
  throw new Error(`the machine did not come up: ${textAt(`${folder}/console.log`).slice(-500)}`);
}

/** A kernel of its own is killed, with the daemon that it ran. */
export function killMachine(scene: Scene, disk: Disk, program: string): Power {
  let machine: Machine | null = null;
  return {
    seen: ['asked', 'started', 'decided'],
    isNear: false,
    losses: ['all'],
    async on() {
      await scene.stop();
      await disk.unmount();
      const before = textAt(`${scene.folder}/daemon.log`).length;
      machine = boot(scene, disk.image, program);
      await up(scene, before);
      return null;
    },
    off: async () => machine?.cut(),
  };
}
