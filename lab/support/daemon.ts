import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Look } from '../../src/observe/look.ts';

/** The real daemon, in a process of its own. */
export interface Daemon {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  hasEnded(): boolean;
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export interface DaemonRequest {
  /** Path of main.js. */
  readonly program: string;
  /** The args file. */
  readonly config: string;
  /** Takes its log, appended. */
  readonly log: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node, and further words for `run`. */
  readonly node?: readonly string[];
  readonly words?: readonly string[];
  /** Numbers of another user and its group. */
  readonly user?: number | undefined;
}

export function startDaemon({ program, config, log, env, node = [], words = [], user }: DaemonRequest): Daemon {
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [...node, program, 'run', '--config', config, ...words], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  closeSync(output);
  let gone = false;
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => {
      gone = true;
      resolve(code ?? signal ?? 'gone');
    }),
  );
  return { pid: child.pid ?? 0, ended, hasEnded: () => gone, kill: (signal) => child.kill(signal) };
}

/** What `GET /v1/status` answers; `null` while no daemon answers. */
export function look(home: string): Promise<Look | null> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath: join(home, 'control.sock'), path: '/v1/status', timeout: 5_000 },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.once('error', () => resolve(null));
        response.on('end', () => resolve(response.statusCode === 200 ? (JSON.parse(text) as Look) : null));
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(null));
    asked.end();
  });
}
