import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { environment, type Scratch } from './home.ts';

const main = resolve(import.meta.dirname, '../../../dist/cli/main.js');

/** A real `vaultvisor run`. */
export interface RunningDaemon {
  readonly pid: number;
  /** All of its stderr so far. */
  log(): string;
  /** Resolves once its log contains the text. */
  says(text: string): Promise<void>;
  /** Sends it a signal and resolves with how it ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** @param how further words of its command line; `env`: added to its environment */
export function runDaemon({ file, folder }: Scratch, ...how: (string | { env: NodeJS.ProcessEnv })[]): RunningDaemon {
  const words = how.filter((one) => typeof one === 'string');
  const further = how.flatMap((one) => (typeof one === 'string' ? [] : Object.entries(one.env)));
  const child = spawn(process.execPath, [main, 'run', '--config', file, ...words], {
    env: { ...environment(folder), ...Object.fromEntries(further) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let stdout = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  const left = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return {
    pid: child.pid ?? 0,
    log: () => text,
    async says(wanted) {
      const gone = left.then(() => {
        if (!text.includes(wanted)) throw new Error(`it ended without saying “${wanted}”: ${text}`);
      });
      while (!text.includes(wanted)) await Promise.race([once(child.stderr, 'data'), gone]);
    },
    async end(signal) {
      child.kill(signal);
      const ended = await left;
      if (stdout !== '') throw new Error(`stdout of a daemon is not for the log: ${stdout}`);
      return ended;
    },
  };
}
