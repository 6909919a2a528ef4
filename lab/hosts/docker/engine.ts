import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { processes } from '../../../src/process/who/processes.ts';
import { textAt } from '../../support/journal.ts';
import { outcome } from '../command.ts';
import { cache } from '../machine/base.ts';
import { killIfThere } from '../signal.ts';
import { unmountBelow } from '../unmount.ts';

/** A Docker daemon of our own: it shares nothing with one that may run on this machine, and leaves its network alone. */
export interface Engine {
  /** What a client of this daemon has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The docker command line, told of this daemon. @throws Error with its words if it does not end with 0 */
  docker(...words: readonly string[]): Promise<string>;
  /** The same, with how it ended. */
  outcome(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Builds an image with the builder that needs no plugin. */
  build(tag: string, context: string, ...words: readonly string[]): Promise<void>;
  start(): Promise<void>;
  /** Asks the daemon to leave, as `systemctl stop docker` does, and waits for it. */
  stop(): Promise<void>;
  /** Ends everything in one instant, and leaves of `/run` what a machine has that was just started: nothing. */
  cutPower(): Promise<void>;
  /** Removes every container and volume; images stay. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export function createEngine(folder: string): Engine {
  const [socket, run, data] = [join(folder, 'docker.sock'), join(folder, 'run'), join(cache, 'docker')];
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0' };
  const settings = join(folder, 'daemon.json');
  let daemon: ChildProcess | null = null;

  async function docker(...words: readonly string[]): Promise<string> {
    return (await execa('docker', [...words], { env, stdin: 'ignore' })).stdout;
  }

  async function start(): Promise<void> {
    await mkdir(data, { recursive: true });
    await writeFile(settings, JSON.stringify(settingsFor(socket, run, data)));
    const log = openSync(join(folder, 'dockerd.log'), 'a');
    // Its images are kept for the next run, and two daemons over one folder would destroy them.
    const alone = ['--nonblock', '--no-fork', join(cache, 'docker.lock')];
    daemon = spawn('flock', [...alone, 'dockerd', '--config-file', settings], { stdio: ['ignore', log, log] });
    closeSync(log);
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50))
      if ((await outcome('env', `DOCKER_HOST=${env.DOCKER_HOST}`, 'docker', 'version')).code === 0) return;
    throw new Error(`dockerd did not come up:\n${textAt(join(folder, 'dockerd.log')).slice(-2_000)}`);
  }

  async function clear(): Promise<void> {
    const named = async (...words: readonly string[]) => (await docker(...words)).split('\n').filter(Boolean);
    const containers = await named('ps', '-aq');
    if (containers.length > 0) await docker('rm', '-f', '-v', ...containers);
    const volumes = await named('volume', 'ls', '-q');
    if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = daemon;
    daemon = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  }

  const CONTAINERD = `containerd\0--config\0${run}/`;
  const ours = (words: string) => processes().filter(({ pid }) => textAt(`/proc/${pid}/cmdline`).includes(words));

  async function kill(): Promise<void> {
    const containerd = ours(CONTAINERD);
    await end('SIGKILL');
    for (const { pid } of containerd) killIfThere(pid);
    await withoutContainerd();
  }

  /** It may outlive the daemon by a moment, and the next daemon's would find its files locked. */
  async function withoutContainerd(): Promise<void> {
    while (ours(CONTAINERD).length > 0) await sleep(20);
  }

  async function cutPower(): Promise<void> {
    const shims = ours(`-address\0${run}/`);
    const inits = processes().filter(({ parent }) => shims.some(({ pid }) => pid === parent));
    await kill();
    for (const { pid } of [...shims, ...inits]) killIfThere(pid);
    await unmountBelow(run);
    await unmountBelow(data);
    await outcome('umount', '-l', data); // the engine mounts it over itself
    await rm(run, { recursive: true, force: true });
  }

  return {
    env,
    docker,
    outcome: (...words) => outcome('env', `DOCKER_HOST=${env.DOCKER_HOST}`, 'docker', ...words),
    start,
    cutPower,
    async stop() {
      await end('SIGTERM');
      await withoutContainerd();
    },
    async build(tag, context, ...words) {
      await docker('build', '--quiet', '--tag', tag, ...words, context);
    },
    clear,
    async close() {
      await clear().catch(() => {}); // a daemon that is not up has none that runs
      await end('SIGTERM');
      await unmountBelow(folder); // volumes of ours too
    },
  };
}

/** No bridge, no rules, no forwarding: the containers need no network, and the machine's own is none of our business. */
const settingsFor = (socket: string, run: string, data: string) => ({
  hosts: [`unix://${socket}`],
  'data-root': data,
  'exec-root': run,
  pidfile: `${run}.pid`,
  'storage-driver': 'overlay2',
  'default-ulimits': { nofile: { Name: 'nofile', Hard: 4096, Soft: 1024 } },
  'exec-opts': ['native.cgroupdriver=cgroupfs'],
  bridge: 'none',
  iptables: false,
  'ip-forward': false,
  'live-restore': false,
});
