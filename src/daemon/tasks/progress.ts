import type { Cell } from '../instance/cell.ts';
import type { Progress } from '../services.ts';

const EVERY_SHARE = 0.1;
const EVERY_MS = 30_000;

/** Tells how far a transfer or a copy is: to whoever asks for the status always, to the log each tenth or every 30 s. */
export function progressLines(cell: Cell, doing: string): (progress: Progress) => void {
  let toldShare = 0;
  let toldAt = performance.now();
  return (progress) => {
    tellProgress(cell, progress);
    const { received, total } = progress;
    const share = total ? received / total : 0;
    if (share < toldShare + EVERY_SHARE && performance.now() < toldAt + EVERY_MS) return;
    toldShare = share;
    toldAt = performance.now();
    cell.log.info({ received, total }, total ? `${doing}: ${Math.floor(share * 100)} %` : doing);
  };
}

/** Where a transfer stands, for whoever looks; `null`: it has ended. */
export function tellProgress(cell: Cell, progress: Progress | null): void {
  const { network, client } = cell.config();
  if (progress === null && cell.progress.get() === null) return;
  cell.progress.set(progress);
  cell.services.progress(`${network}/${client}`, progress);
}
