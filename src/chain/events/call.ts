import type { SignedExtrinsic } from '../source.ts';
import type { Tuning } from '../tuning.ts';
import { readCall } from './block-events.ts';

/** Which call an extrinsic is, `section.method`; `null` where it cannot be had: its hash alone names it too. */
export async function callOf(
  endpoint: string,
  { block, extrinsic }: SignedExtrinsic,
  tuning: Tuning,
  signal: AbortSignal,
): Promise<string | null> {
  if (extrinsic === null) return null;
  return readCall(endpoint, block.hash, extrinsic.index, tuning, signal).catch(() => null);
}
