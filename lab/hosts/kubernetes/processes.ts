import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { textAt } from '../../support/journal.ts';

/** Programs of ours that run until they are ended; each writes a log of its own. */
export interface Processes {
  start(name: string, file: string, ...words: readonly string[]): void;
  /** Ends one, and waits for it. */
  end(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** All of them, the last started first. */
  endAll(): Promise<void>;
  log(name: string): string;
}

export function createProcesses(folder: string): Processes {
  const running = new Map<string, ChildProcess>();

  async function end(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const ending = running.get(name);
    running.delete(name);
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  }

  return {
    start(name, file, ...words) {
      const log = openSync(join(folder, `${name}.log`), 'a');
      running.set(name, spawn(file, [...words], { stdio: ['ignore', log, log] }));
      closeSync(log);
    },
    end,
    async endAll() {
      for (const name of [...running.keys()].reverse()) await end(name);
    },
    log: (name) => textAt(join(folder, `${name}.log`)).slice(-2_000),
  };
}

/** @throws Error with these words, and those of `why`, where it does not come to that within two minutes */
export async function patiently(
  what: string,
  holds: () => Promise<boolean>,
  why: () => string = () => '',
): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; await sleep(200))
    if (await holds().catch(() => false)) return;
  throw new Error(`not seen within two minutes: ${what}\n${why()}`);
}
