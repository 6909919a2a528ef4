import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes } from '../../../src/process/who/processes.ts';
import { textAt } from '../../support/journal.ts';
import { command, outcome } from '../command.ts';
import { linkAt } from '../link.ts';
import { kill } from '../signal.ts';
import { unitOfTheDocs } from './unit.ts';

/** A machine whose first process is a real systemd: a container of systemd-nspawn on a folder of ours. */
export interface Machine {
  /** The folder of its root, from outside. */
  readonly root: string;
  /** Runs a command in it. */
  run(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** The pid outside of one inside; 0: there is none. */
  pidOf(inside: number): number;
  boot(): Promise<void>;
  /** Resolves when it has booted again by itself. */
  rebooted(): Promise<void>;
  /** Ends every process of it in one instant. */
  cutPower(): Promise<void>;
  close(): Promise<void>;
}

/** systemd-nspawn ends with it when the machine asked for a reboot. */
const REBOOT = 133;
const TMPFS = 0x01021994;
const RUN = '/run/systemd/nspawn';

/** @param program main.js of the program under test */
export async function makeMachine(folder: string, base: string, program: string): Promise<Machine> {
  const root = join(folder, 'root');
  await furnish(root, base);
  const mounted = await keepRunInMemory();
  const binds = bindsFor(program);
  let nspawn: ChildProcess | null = null;
  let boots = 0;

  const init = (): number | undefined => processes().find(({ parent }) => parent === nspawn?.pid)?.pid;

  async function run(...words: readonly string[]) {
    const pid = init();
    if (pid === undefined) return { code: -1, text: 'the machine is off' };
    const environment = ['env', '-i', 'PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', 'SYSTEMD_PAGER='];
    return outcome('nsenter', '-t', String(pid), '-m', '-u', '-i', '-n', '-p', '--', ...environment, ...words);
  }

  function start(): void {
    const log = openSync(join(folder, 'boot.log'), 'a');
    const how = ['--quiet', '--register=no', '--keep-unit', '--private-network', '--console=pipe', '-M', 'lab'];
    nspawn = spawn('systemd-nspawn', ['-D', root, '-b', ...how, ...binds], { stdio: ['ignore', log, log] });
    closeSync(log);
    boots++;
    nspawn.once('exit', (code) => {
      nspawn = null;
      if (code === REBOOT) start();
    });
  }

  async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) if (await holds()) return;
    throw new Error(`not seen within a minute: ${what}`);
  }

  const isUp = async (): Promise<boolean> =>
    /running|degraded/.test((await run('systemctl', 'is-system-running')).text);

  async function cutPower(): Promise<void> {
    const pid = init();
    if (pid !== undefined) kill(pid);
    await until('the machine is off', () => nspawn === null);
  }

  /** By its namespace and its last `NSpid` (proc_pid_status(5)). */
  function pidOf(inside: number): number {
    const namespace = linkAt(`/proc/${init()}/ns/pid`);
    const isIt = (pid: number): boolean =>
      linkAt(`/proc/${pid}/ns/pid`) === namespace &&
      new RegExp(`^NSpid:.*\\t${inside}$`, 'm').test(textAt(`/proc/${pid}/status`));
    return processes().find(({ pid }) => isIt(pid))?.pid ?? 0;
  }

  return {
    root,
    run,
    pidOf,
    cutPower,
    async boot() {
      start();
      await until('the machine is up', isUp);
    },
    async rebooted() {
      const before = boots;
      await until('the machine boots again', () => boots > before);
      await until('the machine is up again', isUp);
    },
    async close() {
      await cutPower();
      if (mounted) await command('umount', RUN);
    },
  };
}

async function furnish(root: string, base: string): Promise<void> {
  await mkdir(root, { recursive: true });
  await command('tar', '-C', root, '-xf', base);
  const inside = (path: string) => join(root, path);
  for (const path of ['opt/vaultvisor', 'etc/vaultvisor', 'var/log/journal'])
    await mkdir(inside(path), { recursive: true });
  await writeFile(inside('etc/systemd/system/vaultvisor.service'), unitOfTheDocs());
  await writeFile(inside('usr/bin/node'), '');
  const main = '#!/bin/sh\nexec /usr/bin/node /opt/vaultvisor/dist/cli/main.js "$@"\n';
  await writeFile(inside('usr/local/bin/vaultvisor'), main, { mode: 0o755 });
  await cp('/etc/machine-id', inside('etc/machine-id'), { force: true }).catch(() => {});
  const user = ['--system', '--home-dir', '/var/lib/vaultvisor', '--shell', '/usr/sbin/nologin', 'vaultvisor'];
  await command('chroot', root, 'useradd', ...user);
  await command('chroot', root, 'systemctl', 'enable', 'vaultvisor');
}

function bindsFor(program: string): readonly string[] {
  const dist = resolve(program, '../..');
  const project = resolve(import.meta.dirname, '../../..');
  return [
    `--bind-ro=${process.execPath}:/usr/bin/node`,
    `--bind-ro=${dist}:/opt/vaultvisor/dist`,
    `--bind-ro=${join(project, 'node_modules')}:/opt/vaultvisor/node_modules`,
    `--bind-ro=${join(project, 'package.json')}:/opt/vaultvisor/package.json`,
  ];
}

/** nspawn cleans up behind a reboot only where its folder of runtime files is in memory, as it is on a machine that systemd booted. */
async function keepRunInMemory(): Promise<boolean> {
  await mkdir(RUN, { recursive: true });
  if ((await statfs(RUN)).type === TMPFS) return false;
  await command('mount', '-t', 'tmpfs', 'tmpfs', RUN);
  return true;
}
