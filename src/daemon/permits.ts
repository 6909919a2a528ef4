/** At most so many at a time; who comes first goes first. */
export interface Permits {
  /** Resolves to what gives it back (once; more calls do no harm). Rejects when the signal aborts. */
  acquire(signal: AbortSignal): Promise<() => void>;
  resize(count: number): void;
  /** Whether who comes now need not wait. */
  isFree(): boolean;
  /** How many wait. */
  waiting(): number;
}

export function createPermits(initial: number): Permits {
  let free = initial;
  let size = initial;
  const queue: (() => void)[] = [];

  const serve = () => {
    while (free > 0 && queue.length > 0) {
      free -= 1;
      queue.shift()?.();
    }
  };

  const giveBack = () => {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      free += 1;
      serve();
    };
  };

  return {
    isFree: () => free > 0,
    waiting: () => queue.length,
    resize(count) {
      free += count - size;
      size = count;
      serve();
    },
    acquire(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = () => {
          queue.splice(queue.indexOf(turn), 1);
          reject(signal.reason);
        };
        const turn = () => {
          signal.removeEventListener('abort', leave);
          resolve(giveBack());
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.push(turn);
        serve();
      });
    },
  };
}
