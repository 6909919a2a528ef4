import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLog } from '../../../src/log.ts';
import { lockPath } from '../../../src/process/lock-names.ts';
import type { RunRequest } from '../../../src/process/run.ts';

/** Of its own for every folder: tests run side by side on one machine, and who carries the mark is ended. */
export const identityIn = (folder: string): string => hash('sha256', folder, 'hex');

/** A run below this folder with short times; what a test is about it says itself. */
export function requestIn(folder: string, own: Partial<RunRequest> & { program: string }): RunRequest {
  const identity = identityIn(folder);
  const home = join(folder, 'home');
  const locks = join(folder, 'locks');
  mkdirSync(home, { recursive: true });
  mkdirSync(locks, { recursive: true });
  return {
    identity,
    locks: [lockPath(locks, identity)],
    record: join(home, 'child.json'),
    save,
    programs: async () => [own.program],
    stop: { signal: 'SIGINT', grace: 20_000 },
    blocked: () => {},
    log: silentLog,
    args: [],
    env: {},
    cwd: join(home, 'data'),
    home,
    logFile: join(home, 'client.log'),
    logCap: 1_000_000,
    texts: [],
    beforeSpawn: async () => {},
    started: () => {},
    ...own,
  };
}

export async function save(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
