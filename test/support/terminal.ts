import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A real terminal (a pty of util-linux' script) in which a shell runs. */
export interface Terminal {
  /** Types this. */
  type(keys: string): void;
  /** All that was written to it. */
  written(): string;
  /** Resolves once what was written, from where it is now or was said, fulfils this. */
  until(isSo: (written: string) => boolean): Promise<void>;
  resize(columns: number, rows: number): void;
  close(): Promise<void>;
}

export async function openTerminal(env: NodeJS.ProcessEnv, columns = 80, rows = 24): Promise<Terminal> {
  const folder = mkdtempSync(join(tmpdir(), 'vv-pty-'));
  const name = join(folder, 'tty');
  // bash with nothing of the machine's own; it says its device, so that the size can be set from outside
  const start = `stty cols ${columns} rows ${rows}; tty > ${name}; exec bash --norc --noprofile -i`;
  const script: ChildProcess = spawn('script', ['-qfec', start, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', PS1: '$ ', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  script.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const left = once(script, 'exit');
  const until = async (isSo: (written: string) => boolean): Promise<void> => {
    while (!isSo(text)) {
      if (script.exitCode !== null) throw new Error(`the terminal is gone: ${JSON.stringify(text)}`);
      await pause(20);
    }
  };
  await until((written) => written.includes('$ '));
  return {
    type: (keys) => void script.stdin?.write(keys),
    written: () => text,
    until,
    resize: (to, high) =>
      void execFileSync('stty', ['-F', readFileSync(name, 'utf8').trim(), 'cols', `${to}`, 'rows', `${high}`]),
    async close() {
      script.kill('SIGKILL');
      await left;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
