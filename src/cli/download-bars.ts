import { MultiBar, type SingleBar } from 'cli-progress';
import type { Services } from '../daemon/services.ts';

/** A bar for each transfer, below the log lines of a daemon that runs on a terminal. */
export interface DownloadBars {
  readonly tell: Services['progress'];
  stop(): void;
}

const MIB = 2 ** 20;

export function downloadBars(stream: NodeJS.WritableStream = process.stderr): DownloadBars {
  const bars = new MultiBar({
    stream,
    clearOnComplete: true,
    hideCursor: true,
    format: '{place} {bar} {percentage} % of {total} MiB, {eta_formatted} left',
  });
  const shown = new Map<string, SingleBar>();

  function tell(place: string, progress: Parameters<Services['progress']>[1]): void {
    const bar = shown.get(place);
    if (progress === null || progress.total === null) {
      if (bar) bars.remove(bar);
      shown.delete(place);
      if (shown.size === 0) bars.stop();
      return;
    }
    const [received, total] = [progress.received, progress.total].map((bytes) => Math.round((bytes / MIB) * 10) / 10);
    if (bar) bar.update(received ?? 0);
    else shown.set(place, bars.create(total ?? 0, received ?? 0, { place }));
  }

  return { tell, stop: () => bars.stop() };
}
