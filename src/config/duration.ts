import type { Millis } from '../core/release.ts';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export type Unit = keyof typeof units;

/** A hundred years: what is beyond is a slip of the finger, and its sum with today's date must stay a date. */
const longest: Millis = 36_500 * units.d;

export const durationPattern = /^\d+(ms|s|m|h|d)$/;

/** Reads `90s`, `500ms`, `24h`; `null` where the text is none, or longer than a hundred years. Zero is read. */
export function parseDuration(text: string): Millis | null {
  const unit = durationPattern.exec(text)?.[1] as Unit | undefined;
  if (unit === undefined) return null;
  const millis = Number.parseInt(text, 10) * units[unit];
  return millis <= longest ? millis : null;
}

/** In the largest unit that tells it exactly: 90000 is `90s`, 3600000 is `1h`. */
export function formatDuration(millis: Millis): string {
  const exact = (['d', 'h', 'm', 's'] as const).find((unit) => millis >= units[unit] && millis % units[unit] === 0);
  const unit = exact ?? 'ms';
  return millis === 0 ? '0s' : `${millis / units[unit]}${unit}`;
}

/** How long a unit lasts. */
export const millisOf = (unit: Unit): Millis => units[unit];
