import type { Log } from '../../log.ts';
import type { Heard } from './hours.ts';

/** Says once what keeps the hours from being read or saved, and that it is over. */
export interface Trouble {
  reading(trouble: Heard['trouble']): void;
  saving(reason: string | null): void;
}

export function createTrouble(log: Log): Trouble {
  let kind: string | null = null;
  let isSaved = true;
  return {
    reading(trouble) {
      const next = trouble?.kind ?? null;
      if (next === kind) return;
      kind = next;
      if (trouble === null) log.info({}, 'the hours to redeem are read again');
      else
        log.warn({ reason: trouble.words }, 'these hours to redeem are not believed; what was known before counts on');
    },
    saving(reason) {
      if (isSaved === (reason === null)) return;
      isSaved = reason === null;
      if (isSaved) log.info({}, 'the hours to redeem can be saved again');
      else log.warn({ reason }, 'the hours to redeem cannot be saved: they are known until vaultvisor ends');
    },
  };
}
