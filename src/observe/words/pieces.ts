import type { RedeemStatus } from '../../core/instance-status.ts';
import { printable } from '../../errors.ts';
import { spanWords } from './time.ts';

/** Text from outside, on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s*[\r\n]+\s*/g, ' '));

/** `0x` and enough of a checksum to tell it from others. */
export const short = (checksum: string): string => `${checksum.slice(0, 10)}…`;

/** What a release is called, and its checksum where its version is not all. */
export function releaseWords({ version, checksum }: { version: string | null; checksum: string }): string {
  return version === null ? short(checksum) : `${oneLine(version)} (${short(checksum)})`;
}

/** 1234567 as `1 234 567`. */
export const grouped = (figure: number): string => String(figure).replace(/\B(?=(\d{3})+$)/g, ' ');

/** Hours to redeem, and how old the word is that they come from. */
export function redeemWords({ hours, readAt, reason }: RedeemStatus, now: number): string {
  const age = spanWords(Math.max(0, now - Date.parse(readAt)));
  return reason ?? `${hours} hours are left until its first payment is due, by its page ${age} ago`;
}
