import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The wall clock of a daemon, as libfaketime shows it; its monotonic clock and the machine's uptime are the real ones. */
export interface Wall {
  /** For the daemon's environment. Its clients are given none of it. */
  readonly env: Readonly<Record<string, string>>;
  set(to: Setting): void;
  /** Whether it could have shown this time at any moment since it was made. */
  couldHaveSaid(time: number): boolean;
}

export type Setting =
  /** Away from the real one, in milliseconds. */
  | { readonly is: 'away'; readonly by: number }
  | { readonly is: 'frozen' }
  /** So many times as fast as the real one, from now on. */
  | { readonly is: 'fast'; readonly times: number };

const LIBRARIES = '/usr/lib';

/** Path of the library that shows another wall clock; `null`: it is not installed. */
export function fakeTime(): string | null {
  for (const folder of readdirSync(LIBRARIES)) {
    const found = namesIn(join(LIBRARIES, folder, 'faketime')).find((name) => name === 'libfaketimeMT.so.1');
    if (found !== undefined) return join(LIBRARIES, folder, 'faketime', found);
  }
  return null;
}

/** What a reading may be off by: a line is written some time after its time was read. */
const SLACK = 5_000;

export function createWall(folder: string, library: string): Wall {
  const file = join(folder, 'wall');
  const begun = Date.now();
  const spans: { from: number; times: number; ahead: number }[] = [];
  const set = (to: Setting) => {
    const ahead = to.is === 'away' ? to.by : 0;
    spans.push({ from: Date.now(), times: to.is === 'fast' ? to.times : 1, ahead });
    // whole at every moment: the daemon reads it at each look at the clock
    writeFileSync(`${file}.new`, stampOf(to));
    renameSync(`${file}.new`, file);
  };
  set({ is: 'away', by: 0 });
  return {
    set,
    env: {
      TZ: 'UTC',
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    couldHaveSaid: (time) =>
      spans.some(({ from, times, ahead }) => {
        const latest = from + (Date.now() - from) * times + SLACK;
        return time - ahead >= begun - SLACK && time - ahead <= latest;
      }),
  };
}

const SHARED = '/dev/shm';

/** libfaketime leaves its shared memory behind in whatever was killed: it is named by pid. */
export function sweepShared(): void {
  for (const name of namesIn(SHARED)) {
    const pid = /^(?:sem\.faketime_sem|faketime_shm)_(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(SHARED, name), { force: true });
  }
}

/** As libfaketime reads it (faketime(1), "advanced"). */
function stampOf(to: Setting): string {
  const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
  switch (to.is) {
    case 'away':
      return `${to.by < 0 ? '-' : '+'}${Math.abs(to.by) / 1_000}`;
    case 'frozen':
      return now;
    case 'fast':
      return `@${now} x${to.times}`;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
