import type { Millis } from '../core/release.ts';
import { millisOf, type Unit } from './duration.ts';

export const ratePattern = /^\d{1,6}\/(s|m|h|d)$/;

/** Reads `3/h`: at most three in any hour; `null` where the text is none. */
export function parseRate(text: string): { restarts: number; per: Millis } | null {
  const unit = ratePattern.exec(text)?.[1] as Unit | undefined;
  return unit === undefined ? null : { restarts: Number.parseInt(text, 10), per: millisOf(unit) };
}
