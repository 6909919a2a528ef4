import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { takeLock } from '../../../src/process/lock.ts';
import { kill } from './started.ts';

/** A process that holds a lock as a client of a dead supervisor would: started with its descriptor, in a group of its own. */
export async function startHolder(
  lockFile: string,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ChildProcess & { pid: number }> {
  const lock = await takeLock(lockFile);
  if (lock === null) throw new Error(`${lockFile} is held already`);
  const silence = openSync('/dev/null', 'w');
  const child = spawn(program, args, {
    stdio: ['ignore', silence, silence, lock.fd],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  closeSync(silence);
  lock.release();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  onTestFinished(() => kill(-pid));
  return child as ChildProcess & { pid: number };
}

export const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (hasExited(child)) return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
