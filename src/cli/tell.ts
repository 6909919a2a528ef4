import type { DaemonOptions } from '../daemon/over-home.ts';
import type { Log } from '../log.ts';
import { readCheck } from './check/read-check.ts';
import { listed } from './commands/backups.ts';
import { programAt } from './commands/which.ts';

/** What a command finds, in the daemon, for who may not read the home: the command's own work, without its words. */
export function createTell(file: string, log: Log): DaemonOptions['tell'] {
  return async (what, config, of) => {
    const place = of ?? undefined;
    switch (what) {
      case 'check':
        return { instances: config === null ? [] : await readCheck(config, place, log) };
      case 'which':
        return { path: await programAt(place, { file }) };
      case 'backups':
        return listed(place, { file });
    }
  };
}
