import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Millis } from '../core/release.ts';
import { VisorError } from '../errors.ts';

/**
 * Everything in this room stands on flock(2) and /proc as Linux has them.
 * @throws VisorError `config` on any other system
 */
export function requireLinux(platform: string = process.platform): void {
  if (platform === 'linux') return;
  throw new VisorError(
    'config',
    `clients are run on Linux only, and this is ${platform}: nothing here could promise that no second one is started`,
    'Run vaultvisor on Linux; the commands that only read work here.',
  );
}

/** Names this boot of the machine: a pid and a start time mean something only together with it. */
export function bootId(): string {
  known ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return known;
}

let known: string | undefined;

/** Milliseconds since the machine was started, sleep included (CLOCK_BOOTTIME, as in /proc/uptime, to 10 ms). Survives our restart. */
export function machineTime(): Millis {
  return Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1_000);
}

/**
 * Names this machine, over its boots: a hash of `/etc/machine-id`, which itself is not to be told (machine-id(5)). Where there is none, as in
 * many containers, each boot is another machine: what is asked of a machine once is then asked once for each.
 * @throws the system's error where it is there and cannot be read just now: it is no other machine for that
 */
export function machineName(path = '/etc/machine-id'): string {
  return hash('sha256', `vaultvisor ${machineId(path) ?? bootId()}`, 'hex');
}

function machineId(path: string): string | null {
  try {
    const id = readFileSync(path, 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? id : null;
  } catch (thrown) {
    if (isPassing(thrown)) throw thrown;
    return null;
  }
}

/** What has nothing to do with the file. */
const isPassing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && ['EMFILE', 'ENFILE', 'ENOMEM', 'EIO'].includes(String(thrown.code));
