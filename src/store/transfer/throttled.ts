import type { Progress } from './pour.ts';

const interval = 100;

/** Passes on the first report and then one every 100 ms: a bar cannot show more, and a fast line brings thousands. */
export function throttled(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    report(progress);
  };
}
