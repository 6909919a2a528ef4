const signals = ['SIGINT', 'SIGTERM'] as const;
type Stop = (typeof signals)[number];

let first: Stop | null = null;
let tell: (signal: Stop) => void = (signal) => {
  first ??= signal;
};

/** Signals to stop count from here on, also those that come before anything runs. Called before anything heavy is loaded. */
export function hearStops(): void {
  for (const signal of signals) process.on(signal, () => tell(signal));
  // a reload that is asked for while nothing runs yet is done by the start itself
  process.on('SIGHUP', () => {});
}

/** The first of them, whenever it came. */
export function stopAsked(): Promise<Stop> {
  return new Promise((resolve) => {
    if (first !== null) resolve(first);
    tell = resolve;
  });
}

/** From now on, each further one. */
export function atFurtherStops(act: () => void): void {
  tell = act;
}
