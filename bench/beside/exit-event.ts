import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scene } from '../scene.ts';

/** The supervisor of ten lines, in a process of its own, as vaultvisor is. */
export interface ExitEvent {
  readonly journal: string;
  /** Replaces the program that runs. */
  update(program: string): void;
  stop(): Promise<void>;
}

/** Starts it with its first program, whose times are in a journal of its own. */
export function startExitEvent(scene: Scene, program: string): ExitEvent {
  const cwd = join(scene.folder, 'beside');
  mkdirSync(cwd, { recursive: true });
  const process: ChildProcess = fork(fileURLToPath(new URL('exit-event.mjs', import.meta.url)), [program], {
    cwd,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => process.once('exit', () => resolve()));
  return {
    journal: join(cwd, 'journal'),
    update: (next) => process.send(next),
    stop() {
      if (process.connected) process.disconnect();
      return ended;
    },
  };
}
