/**
 * Does work for one item at a time; of what comes in meanwhile only the newest is kept. A node that is slower than its chain
 * is then asked about the newest block, never about a queue of old ones.
 */
export function newestOnly<T>(work: (item: T) => Promise<void>, failed: (error: unknown) => void): (item: T) => void {
  let waiting: { readonly item: T } | null = null;
  let working = false;
  const run = async () => {
    working = true;
    while (waiting !== null) {
      const { item }: { item: T } = waiting;
      waiting = null;
      await work(item);
    }
    working = false;
  };
  // after a failure it stays `working`: whoever hears of it is done with us
  return (item) => {
    waiting = { item };
    if (!working) run().catch(failed);
  };
}
