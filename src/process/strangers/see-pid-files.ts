import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Millis } from '../../core/release.ts';
import { machineTime } from '../machine.ts';
import { processAt, startedAt } from '../who/processes.ts';
import type { SeenPidFile, SeenProcess } from './strangers.ts';
import type { Traces } from './traces.ts';

/** Between a clock that was set and one that was not; a file older than its process by more names another one. */
const SLACK = 60_000;

/** The pid files of the client whose writer lives. A pid that was given anew since the file was written is not its writer. */
export async function seePidFiles(
  traces: Traces,
  seeOne: (pid: number) => Promise<SeenProcess | null>,
): Promise<readonly SeenPidFile[]> {
  const paths = [...new Set([...traces.pidFiles, ...ofAccount(traces)])];
  const seen = await Promise.all(
    paths.map(async (path): Promise<readonly SeenPidFile[]> => {
      const pid = writerOf(path);
      const one = pid === null ? null : await seeOne(pid);
      return one === null ? [] : [{ path, process: one }];
    }),
  );
  return seen.flat();
}

/** `<spec>_<account>.pid` in the temporary folder: where vaults keep it (docs/clients.md). */
function ofAccount({ isAccount }: Traces): readonly string[] {
  if (isAccount === null) return [];
  const folders = new Set(['/tmp', tmpdir()]);
  return [...folders].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => isAccount(/_([^_]+)\.pid$/.exec(name)?.[1] ?? ''))
      .map((name) => join(folder, name)),
  );
}

function writerOf(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8').slice(0, 32), 10);
    const writer = processAt(pid);
    if (writer === null) return null;
    return statSync(path).mtimeMs + SLACK < startOnWallClock(startedAt(writer)) ? null : pid;
  } catch {
    return null;
  }
}

const startOnWallClock = (start: Millis): Millis => Date.now() - (machineTime() - start);

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
