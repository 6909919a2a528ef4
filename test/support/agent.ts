import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { World } from './world.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A real agent in a process of its own; no container is around it, so that what it leaves behind lives on. */
export interface AgentProcess {
  readonly pid: number;
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** What it passed on of the client. */
  output(): string;
  /** What it said itself. */
  log(): string;
}

export const socketIn = ({ folder }: World): string => join(folder, 'run', 'agent.sock');

export function startAgent(
  world: World,
  env: Readonly<Record<string, string>> = {},
  socket = socketIn(world),
): AgentProcess {
  mkdirSync(join(world.folder, 'run'), { recursive: true, mode: 0o700 });
  const [out, log] = [join(world.folder, 'client.out'), join(world.folder, 'agent.log')];
  const child: ChildProcess = spawn(process.execPath, [main, 'agent', '--socket', socket], {
    stdio: ['ignore', openSync(out, 'a'), openSync(log, 'a')],
    env: { ...process.env, VAULTVISOR_LOCKS: join(world.folder, 'locks'), ...env },
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')),
  );
  onTestFinished(async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    output: () => readFileSync(out, 'utf8'),
    log: () => readFileSync(log, 'utf8'),
  };
}
