import type { Millis } from '../core/release.ts';

/** A time for people, to the second: `2026-11-23T01:00:00Z`. */
export const utc = (time: Millis): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** A time as a clock on the wall of that zone shows it: `Mon 2026-11-23 02:00 Europe/Berlin`. */
export function local(time: Millis, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']} ${zone}`;
}
