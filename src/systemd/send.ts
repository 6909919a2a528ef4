import { spawn } from 'node:child_process';
import type { Millis } from '../core/release.ts';

/** Sends one message. Rejects where it was not taken. */
export type Datagram = (fields: readonly string[]) => Promise<void>;

/** It waits until the manager has read the message (sd_notify_barrier(3)), which one that is busy may keep it waiting for. */
const patience: Millis = 5_000;

/**
 * By systemd's own `systemd-notify`, one process a message, as Node has no datagram sockets of the file system (docs/architecture.md, "Under systemd"). It knows
 * every form of the address: a path, an abstract name (`@`), a vsock.
 */
export const sendBy =
  (socket: string, path: string | undefined): Datagram =>
  (fields) =>
    new Promise((resolve, reject) => {
      const env = { PATH: path ?? '/usr/bin:/bin', NOTIFY_SOCKET: socket };
      const sender = spawn('systemd-notify', fields, { stdio: 'ignore', env, cwd: '/' });
      const late = setTimeout(() => sender.kill('SIGKILL'), patience);
      sender.once('error', (error) => {
        clearTimeout(late);
        reject(error);
      });
      sender.once('exit', (code, signal) => {
        clearTimeout(late);
        if (code === 0) resolve();
        else reject(new Error(`systemd-notify ${signal === null ? `ended with ${code}` : `was ended by ${signal}`}`));
      });
    });
