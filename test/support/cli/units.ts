import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { onTestFinished, vi } from 'vitest';

const fixtures = resolve(import.meta.dirname, '../../fixtures');

/** Programs that stand in for those of a host, first in PATH, with what they know in a folder of ours. */
export interface StandInHost {
  readonly folder: string;
  /** A unit as a real systemd told it (test/fixtures/units, `like`: one of another name), with the process that its main one is. */
  unit(
    name: string,
    how?: { readonly pid?: number; readonly enabled?: boolean; readonly like?: string },
  ): Promise<void>;
  /** Whether it is started at the next boot. */
  isEnabled(name: string): Promise<boolean>;
  /** What was asked of systemd, beside questions. */
  asked(): Promise<readonly string[]>;
}

/**
 * A machine without systemd has a `systemctl` then that answers with what a real one said, and starts, stops and disables a real process; and a `docker`
 * that knows one container.
 */
export async function standInHost(folder: string): Promise<StandInHost> {
  const [bin, units] = [join(folder, 'bin'), join(folder, 'units')];
  await mkdir(bin, { recursive: true });
  await mkdir(units, { recursive: true });
  for (const name of ['systemctl', 'docker']) {
    await copyFile(join(import.meta.dirname, `${name}.sh`), join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  await writeFile(join(bin, 'where'), `units=${units}\ncontainers=${join(fixtures, 'containers')}\n`);
  return {
    folder: units,
    async unit(name, { pid, enabled = true, like = name } = {}) {
      for (const kind of ['show', 'cat'])
        await copyFile(join(fixtures, 'units', `${like}.${kind}`), join(units, `${name}.${kind}`));
      await writeFile(join(units, `${name}.pid`), pid === undefined ? '' : String(pid));
      await writeFile(join(units, `${name}.enabled`), enabled ? 'enabled' : 'disabled');
    },
    isEnabled: async (name) => (await readFile(join(units, `${name}.enabled`), 'utf8')).trim() === 'enabled',
    async asked() {
      const text = await readFile(join(units, 'asked'), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
  };
}

/** Starts a client as a host does: it ends with the test. */
export function startByHost(file: string, args: readonly string[], how: { cwd: string; env?: NodeJS.ProcessEnv }) {
  const child = spawn(file, args, { stdio: 'ignore', ...how });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as typeof child & { readonly pid: number };
}
