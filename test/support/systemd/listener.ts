import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const found = ['/usr/bin/python3', '/usr/local/bin/python3'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
);

/** What a test needs to stand in for systemd's side of sd_notify(3); `null`: it is here. Node has no datagram sockets of the file system. */
export const noListener: string | null =
  found === undefined
    ? 'no python3'
    : spawnSync('systemd-notify', ['--version']).status === 0
      ? null
      : 'no systemd-notify';

const script = `
import array, json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
s.bind('\\0' + name[1:] if name.startswith('@') else name)
print(json.dumps([]), flush=True)
while True:
    text, ancillary, _, _ = s.recvmsg(65536, 4096)
    for level, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            fds = array.array('i')
            fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
            for fd in fds: os.close(fd)
    fields = [line for line in text.decode().split('\\n') if line != '' and line != 'BARRIER=1']
    if fields: print(json.dumps(fields), flush=True)
`;

export interface Listener {
  /** For NOTIFY_SOCKET. */
  readonly socket: string;
  /** Each message, as its fields. */
  messages(): readonly (readonly string[])[];
  /** Resolves with the first message after `from` that has a field which begins so. */
  hears(field: string, from?: number): Promise<readonly string[]>;
}

/** A real socket, heard as systemd hears it, which takes a barrier's descriptor and lets it go. */
export async function listen(folder: string, name = join(folder, 'notify')): Promise<Listener> {
  const child = spawn(found!, ['-c', script, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const messages: string[][] = [];
  const lines = createInterface(child.stdout);
  const bound = once(lines, 'line');
  await bound;
  lines.on('line', (line) => messages.push(JSON.parse(line)));
  return {
    socket: name,
    messages: () => messages,
    async hears(field, from = 0) {
      for (;;) {
        const found = messages.slice(from).find((fields) => fields.some((one) => one.startsWith(field)));
        if (found) return found;
        await once(lines, 'line');
      }
    },
  };
}
