import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Look } from '../src/observe/look.ts';

/** The words that start the program: as it was built, or as somebody gets it. */
export type Program = readonly [command: string, ...words: string[]];

export const built: Program = [process.execPath, fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))];

/** The real daemon, in a process of its own. */
export interface DaemonProcess {
  readonly pid: number;
  /** Its own log, as it would stand on a terminal. */
  readonly log: string;
  kill(signal: NodeJS.Signals): void;
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** @param words further ones of its command line */
export function startDaemonProcess(
  config: string,
  folder: string,
  words: readonly string[] = [],
  [command, ...first]: Program = built,
): DaemonProcess {
  const log = join(folder, 'daemon.log');
  const output = openSync(log, 'a');
  const child: ChildProcess = spawn(command, [...first, 'run', '--config', config, ...words], {
    stdio: ['ignore', output, output],
    env: { ...process.env, VAULTVISOR_LOCKS: join(folder, 'locks') },
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')),
  );
  return { pid: child.pid ?? 0, log, ended, kill: (signal) => child.kill(signal) };
}

/** What `GET /v1/status` answers; `null` while no daemon answers. */
export function look(home: string): Promise<Look | null> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: join(home, 'control.sock'), path: '/v1/status' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(response.statusCode === 200 ? (JSON.parse(text) as Look) : null));
    });
    asked.once('error', () => resolve(null));
    asked.end();
  });
}
