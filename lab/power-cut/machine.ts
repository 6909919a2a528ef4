import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endAllOf, processesOf } from '../support/left-over.ts';
import type { Scene } from '../support/scene.ts';

/** A whole machine as a process (User-Mode Linux): its kernel has the disk, and dies with what it had in memory. */
export interface Machine {
  /** Kills the kernel and all that ran under it. */
  cut(): Promise<void>;
}

/** Why there is no such machine here; `null`: there is. */
export function noMachine(): string | null {
  try {
    execFileSync('linux.uml', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no User-Mode Linux (`linux.uml`; Debian, Ubuntu: user-mode-linux) whose kernel could be killed';
  }
}

/** Boots it over the files of this machine, with the disk at the scene's home, and starts the daemon there. */
export function boot(scene: Scene, image: string, program: string): Machine {
  const init = join(scene.folder, 'init');
  writeFileSync(init, initFor(scene, program));
  chmodSync(init, 0o755);
  const console = openSync(join(scene.folder, 'console.log'), 'a');
  const words = ['mem=640M', `ubd0=${image}`, 'root=none', 'rootfstype=hostfs', 'rootflags=/', 'ro', `init=${init}`];
  const quiet = ['con0=null,fd:1', 'con=null', 'ssl=null', 'quiet'];
  const kernel = spawn('linux.uml', [...words, ...quiet], { stdio: ['ignore', console, console], detached: true });
  closeSync(console);
  const gone = new Promise((resolve) => kernel.once('exit', resolve));
  return {
    async cut() {
      kernel.kill('SIGKILL');
      await gone;
      for (; processesOf(`ubd0=${image}`).length > 0; await sleep(5)) endAllOf(`ubd0=${image}`);
    },
  };
}

/** The scene's folder can be written, so that the witness outlives the machine; all else of this machine is only read. */
function initFor({ folder, home, config }: Scene, program: string): string {
  return `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run VAULTVISOR_LOCKS=/run/locks NO_COLOR=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mkdir /run/locks
mount -t hostfs -o ${folder} none ${folder}
mount -t ext4 -o noauto_da_alloc /dev/ubda ${home}
exec ${process.execPath} ${program} run --config ${config} >> ${folder}/daemon.log 2>&1
`;
}
