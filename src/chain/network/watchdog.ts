import type { Millis } from '../../core/release.ts';

/** Barks once when it was not fed for so long. */
export interface Watchdog {
  feed(): void;
  stop(): void;
}

export function startWatchdog(patience: Millis, bark: () => void): Watchdog {
  let timer = setTimeout(bark, patience);
  const stop = () => clearTimeout(timer);
  const feed = () => {
    stop();
    timer = setTimeout(bark, patience);
  };
  return { feed, stop };
}
