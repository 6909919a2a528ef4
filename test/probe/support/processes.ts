import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Started extends ChildProcess {
  readonly pid: number;
  readonly lines: AsyncIterator<string>;
}

/** A real process in a session of its own, as our children have; ended with its whole group when the test is over. */
export function start(file: string, args: readonly string[]): Started {
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => endGroup(child.pid!));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return Object.assign(child, { pid: child.pid!, lines });
}

/** A process that does nothing. */
export function startIdle(): number {
  return start('sleep', ['600']).pid;
}

/** The next line of its output. */
export async function lineOf({ lines }: Started): Promise<string> {
  return String((await lines.next()).value);
}

export function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** A script of Node that listens on 127.0.0.1 (a taken port: until it is free) and prints the port. */
export function listenScript(port = 0): string {
  return `const server = require('net').createServer();
server.on('error', () => { console.log('taken'); setTimeout(() => server.listen(${port}, '127.0.0.1'), 20); });
server.on('listening', () => console.log(server.address().port));
server.listen(${port}, '127.0.0.1');`;
}
