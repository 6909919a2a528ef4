import type { Millis } from '../../core/release.ts';

/** The rises of one counter since the child's start, as far as its window reaches. */
export interface Rises {
  /** Hears a value at a time; answers by how much the counter has risen within the window. */
  hear(value: number, at: number): number;
}

/**
 * A fall is a counter that began again at 0 inside the process, as Prometheus' `increase` has it. The first value is where we
 * begin: a counter may come from the disk. Between values further apart than the window nobody can say when it rose: not counted.
 */
export function createRises(window: Millis): Rises {
  let last: { value: number; at: number } | null = null;
  let rises: readonly { by: number; at: number }[] = [];
  return {
    hear(value, at) {
      const by = last === null || at - last.at > window ? 0 : riseBetween(last.value, value);
      last = { value, at };
      rises = rises.filter((rise) => at - rise.at < window);
      if (by > 0) rises = [...rises, { by, at }];
      return rises.reduce((sum, rise) => sum + rise.by, 0);
    },
  };
}

function riseBetween(former: number, value: number): number {
  return value < former ? value : value - former;
}
