import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import type { Scenario } from '../host.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import { now } from '../stage.ts';
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
  const kept = outOfMemory(stage, sameMain).map(({ words, run }) => ({
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
  return [...kept, daemonOutOfMemory({ stage, main, pidOf: machine.pidOf })];
}

interface Around {
  readonly stage: SystemdHost['stage'];
  main(): Promise<string>;
  pidOf(inside: number): number;
}

/** vaultvisor itself is what the kernel takes: systemd starts another, and the client that the dead one left is ended first. */
function daemonOutOfMemory({ stage, main, pidOf }: Around): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const served = await fresh(stage);
    const before = await main();
    const [seen, since] = [stage.journal().length, now()];
    await mkdir(GROUP);
    try {
      // what it has already counts elsewhere; what it asks for from now on is too much
      await writeFile(`${GROUP}/memory.limit_in_bytes`, '2M');
      await writeFile(`${GROUP}/cgroup.procs`, String(pidOf(Number(before))));
      while ((await main()) === before) await stage.status();
      const killed = /^oom_kill (\d+)$/m.exec(await readFile(`${GROUP}/memory.oom_control`, 'utf8'))?.[1];
      await stage.serves(served, since);
      return [
        ...unless(Number(killed) > 0, 'the kernel did not end it, so nothing was proved'),
        ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
      ];
    } finally {
      await rmdir(GROUP);
    }
  };
  return { words: 'vaultvisor itself out of memory', run };
}
