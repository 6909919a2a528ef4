import { setTimeout as wait } from 'node:timers/promises';
import type { Millis } from '../../core/release.ts';

export interface Bell {
  ring(): void;
  /** Waits until it rings, or has rung since the last time, or for so long. */
  rung(longest: Millis): Promise<void>;
}

export function makeBell(): Bell {
  let rang = false;
  let wake = () => {};
  return {
    ring: () => {
      rang = true;
      wake();
    },
    rung: async (longest) => {
      const timer = new AbortController();
      const called = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const late = wait(longest, undefined, { ref: false, signal: timer.signal }).catch(() => {});
      if (!rang) await Promise.race([called, late]);
      timer.abort();
      rang = false;
    },
  };
}
