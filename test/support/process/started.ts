import { onTestFinished } from 'vitest';
import type { Child, Exit } from '../../../src/process/child.ts';
import { type RunRequest, runChild } from '../../../src/process/run.ts';

export interface Started {
  readonly child: Child;
  readonly exit: Promise<Exit>;
  stop(): Promise<Exit>;
}

/** Starts a run and waits until its process is there. What the test leaves alive is killed. */
export async function startRun(request: RunRequest): Promise<Started> {
  const controller = new AbortController();
  let exit!: Promise<Exit>;
  const child = await new Promise<Child>((resolve, reject) => {
    exit = runChild({ ...request, started: resolve }, controller.signal);
    exit.then((early) => reject(new Error(`ended before it was started: ${early.cause}`)), reject);
  });
  onTestFinished(async () => {
    controller.abort();
    kill(-child.pid);
    await exit.catch(() => {});
  });
  const stop = (): Promise<Exit> => {
    controller.abort();
    return exit;
  };
  return { child, exit, stop };
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
}
