import { setTimeout as sleep } from 'node:timers/promises';

/** Whether this comes to hold within some time (ms). */
export async function patiently(patience: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(50))
    if (await holds()) return true;
  return false;
}
