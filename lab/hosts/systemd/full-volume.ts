import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { overlapsIn } from '../../support/journal.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import { now, setStage } from '../stage.ts';
import type { SystemdHost } from './host.ts';

type Host = Pick<SystemdHost, 'stage' | 'systemctl' | 'machine' | 'settings' | 'log'>;

const HOME = '/var/lib/vaultvisor';
/** Not on the volume: a client that cannot write what it sees would be a blind detector. */
const WITNESS = '/srv/witness';

/** The home on a volume that is full: what serves goes on, is started again by whatever ends it, and what was refused is done when there is room. */
export function fullVolume(host: Host): Scenario {
  const { stage, systemctl, machine } = host;
  const run = async (): Promise<readonly string[]> => {
    await systemctl('stop', 'vaultvisor');
    await machine.run('mount', '-t', 'tmpfs', '-o', 'size=160m,mode=0700', 'tmpfs', HOME);
    await machine.run('chown', 'vaultvisor', HOME);
    await machine.run('install', '-d', '-o', 'vaultvisor', WITNESS);
    await host.settings(`ReadWritePaths=${WITNESS}`);
    try {
      return await filled(host);
    } finally {
      await systemctl('stop', 'vaultvisor');
      await machine.run('umount', HOME);
      await host.settings(null);
      await stage.write();
      await systemctl('start', 'vaultvisor');
      await fresh(stage);
    }
  };
  return { words: 'a full volume: restart, kill -9, an update that finds no room, then room', run };
}

async function filled({ stage, systemctl, machine, log }: Host): Promise<readonly string[]> {
  // what is mounted inside is seen from outside by way of one of its processes
  const home = `/proc/${machine.pidOf(1)}/root${HOME}`;
  const own = await setStage({ etc: stage.etc, home, witness: join(machine.root, WITNESS) });
  await own.write({ cwd: WITNESS });
  await systemctl('start', 'vaultvisor');
  const served = await fresh(own);
  const wrong: string[] = [];
  await machine.run('sh', '-c', `cat /dev/zero > ${HOME}/filling`);
  const isFull = await writeFile(join(home, 'more'), Buffer.alloc(65_536)).then(
    () => false,
    () => true,
  );
  wrong.push(...unless(isFull, 'the volume is not full, so nothing was proved'));
  for (const act of [['restart'], ['kill', '--kill-who=main', '-s', 'KILL']]) {
    const since = now();
    await systemctl(...act, 'vaultvisor');
    await own.serves(served, since);
  }
  const next = own.build();
  await own.name(next);
  await told(log, /cannot be saved|could not be made ready/);
  wrong.push(...unless(own.clients().length === 1, `${own.clients().length} clients run beside a full volume`));
  const since = now();
  await machine.run('rm', '-f', `${HOME}/filling`, `${HOME}/more`);
  await own.serves(next, since);
  return [...wrong, ...overlapsIn(own.journal()), ...(await wrongEnd(own, own.journal(), next))];
}

/** @throws Error where vaultvisor has not said so within a minute */
async function told(log: Host['log'], words: RegExp): Promise<void> {
  for (const end = now() + 60e9; now() < end; await sleep(100)) if (words.test(await log())) return;
  throw new Error(`vaultvisor has not said within a minute: ${words}`);
}
