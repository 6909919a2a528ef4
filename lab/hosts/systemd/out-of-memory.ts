import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import type { Scenario } from '../host.ts';
import { outOfMemory } from '../out-of-memory.ts';
import type { SystemdHost } from './host.ts';

const ROOT = '/sys/fs/cgroup/memory';
const GROUP = `${ROOT}/vaultvisor-lab-${process.pid}`;

/** Where the memory controller is of version 1, a limit can be set from outside; nspawn hands none to the machine, so MemoryMax= does nothing there. */
const canLimit = existsSync(`${ROOT}/memory.limit_in_bytes`);

export const leftOfMemory: readonly string[] = [
  canLimit
    ? 'systemd: MemoryMax= does nothing in a container of nspawn; the limit was set from outside on the unit’s processes'
    : 'systemd: out of memory: nspawn hands no memory controller to the machine, and there is none of version 1 to set a limit from outside',
];

export function memoryScenarios({
  stage,
  systemctl,
  machine,
}: Pick<SystemdHost, 'stage' | 'systemctl' | 'machine'>): readonly Scenario[] {
  if (!canLimit) return [];
  const main = async (): Promise<string> => (await systemctl('show', 'vaultvisor', '-p', 'MainPID', '--value')).text;
  const sameMain = async () => {
    const before = await main();
    return async () => (await main()) === before;
  };
  return outOfMemory(stage, sameMain).map(({ words, run }) => ({
    words,
    run: async () => {
      await mkdir(GROUP);
      try {
        await writeFile(`${GROUP}/memory.limit_in_bytes`, '400M');
        for (const pid of [machine.pidOf(Number(await main())), ...stage.clients()])
          await writeFile(`${GROUP}/cgroup.procs`, String(pid));
        return await run();
      } finally {
        await systemctl('restart', 'vaultvisor'); // the next one is started outside the group
        await rmdir(GROUP);
      }
    },
  }));
}
