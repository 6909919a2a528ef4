import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { kill } from './started.ts';

export interface Script {
  readonly process: ChildProcess & { pid: number };
  readonly lines: string[];
}

/** Runs one of the scripts beside this file in a process of its own, which can be killed. One of TypeScript is compiled as it is started. */
export function startScript(name: string, args: readonly string[], env: Record<string, string> = {}): Script {
  const compiler = name.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...compiler, join(import.meta.dirname, name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  onTestFinished(() => kill(pid));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { process: child as ChildProcess & { pid: number }, lines };
}
