import { printable } from '../../errors.ts';

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
