import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lacking } from '../command.ts';
import type { Act, Host } from '../host.ts';
import { baseSystem, noBaseSystem } from '../machine/base.ts';
import { unless } from '../right-end.ts';
import { setStage } from '../stage.ts';
import { type Machine, makeMachine } from './machine.ts';
import { leftOfMemory } from './out-of-memory.ts';
import { systemdScenarios } from './scenarios.ts';

export interface SystemdHost extends Host {
  readonly machine: Machine;
  systemctl(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Further lines of `[Service]`, beside those of docs/bare-metal.md, from the next start on; `null`: none. */
  settings(lines: string | null): Promise<void>;
}

export const noSystemd = async (): Promise<string | null> =>
  (await noBaseSystem()) ?? lacking('systemd-nspawn', 'nsenter', 'cc');

/** Boots the machine with the unit enabled; nothing is named yet. */
export async function bootSystemd(folder: string, program: string, say: (line: string) => void): Promise<SystemdHost> {
  const machine = await makeMachine(folder, await baseSystem(say), program);
  const { root, run } = machine;
  const stage = await setStage({ etc: join(root, 'etc/vaultvisor'), home: join(root, 'var/lib/vaultvisor') });
  const systemctl = (...words: readonly string[]) => run('systemctl', ...words);
  const log = async () => (await run('journalctl', '-u', 'vaultvisor', '-o', 'cat', '--no-pager', '-n', '400')).text;
  try {
    await stage.write();
    await machine.boot();
  } catch (thrown) {
    await machine.close();
    throw thrown;
  }

  const host = {
    words: `systemd ${(await systemctl('--version')).text.split(' ')[1]}`,
    stage,
    machine,
    systemctl,
    log,
    acts: actsOf(machine, systemctl),
    left: leftOfMemory,
    async settings(lines: string | null) {
      const folder = join(root, 'etc/systemd/system/vaultvisor.service.d');
      if (lines === null) await rm(folder, { recursive: true, force: true });
      else {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'lab.conf'), `[Service]\n${lines}\n`);
      }
      await systemctl('daemon-reload');
    },
    close: () => machine.close(),
  };
  return { ...host, scenarios: systemdScenarios(host) };
}

function actsOf(machine: Machine, systemctl: SystemdHost['systemctl']): readonly Act[] {
  const told = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { code, text } = await systemctl(...words);
    return unless(code === 0, `systemctl ${words.join(' ')} ended with ${code}: ${text}`);
  };
  return [
    {
      words: 'kill -9 of the main process',
      asks: false,
      act: () => told('kill', '--kill-who=main', '-s', 'KILL', 'vaultvisor'),
    },
    { words: 'systemctl restart', asks: true, act: () => told('restart', 'vaultvisor') },
    {
      words: 'systemctl stop, and start',
      asks: true,
      act: async () => {
        const stopped = await told('stop', 'vaultvisor');
        const result = (await systemctl('show', 'vaultvisor', '-p', 'Result', '--value')).text;
        return [
          ...stopped,
          ...unless(result === 'success', `the stop ended as ${result}`),
          ...(await told('start', 'vaultvisor')),
        ];
      },
    },
    {
      words: 'reboot',
      asks: true,
      act: async () => {
        const rebooted = machine.rebooted();
        const words = await told('reboot');
        await rebooted;
        return words;
      },
    },
    {
      words: 'power cut of the machine',
      asks: false,
      act: async () => {
        await machine.cutPower();
        await machine.boot();
        return [];
      },
    },
  ];
}
