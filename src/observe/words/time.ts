import type { Millis } from '../../core/release.ts';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** How long, rounded to seconds, in the two largest units that say it: `3 d 4 h`, `2 min 5 s`, `0 s`. */
export function spanWords(exact: Millis): string {
  const span = Math.round(exact / 1_000) * 1_000;
  const first = units.findIndex(([, length]) => span >= length);
  if (first < 0) return '0 s';
  let rest = span;
  const parts = units.slice(first, first + 2).map(([name, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return { name, count };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`)
    .join(' ');
}

/** As spanWords, and what is short with its parts: `74 ms`, `3.2 s`. */
export function exactSpan(span: Millis): string {
  if (span < 1_000) return `${Math.round(span)} ms`;
  return span < 9_950 ? `${Math.round(span / 100) / 10} s` : spanWords(span);
}

/** `2026-11-20 10:22:03 UTC`. */
export const clockWords = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** When, for the clock and for the gut: `2026-11-20 10:22:03 UTC (in 42 min)`. */
export function momentWords(iso: string, now: Millis): string {
  const span = Date.parse(iso) - now;
  const relative = span > 0 ? `in ${spanWords(span)}` : `${spanWords(-span)} ago`;
  return `${clockWords(iso)} (${relative})`;
}
