import type { Millis } from '../../core/release.ts';

/** Barks once when it was not fed for so long. */
export interface Watchdog {
  feed(): void;
  /** For good. */
  stop(): void;
}

export function startWatchdog(patience: Millis, bark: () => void): Watchdog {
  let timer: NodeJS.Timeout | null = setTimeout(bark, patience);
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const feed = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = setTimeout(bark, patience);
  };
  return { feed, stop };
}
