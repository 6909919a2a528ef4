import type { Millis } from '../../core/release.ts';
import { oneLine, releaseWords } from '../words/pieces.ts';
import { exactSpan } from '../words/time.ts';

/** A line of an instance's history, as far as it can be relied on. */
export interface HistoryLine {
  readonly at?: unknown;
  readonly network?: unknown;
  readonly client?: unknown;
  readonly event?: unknown;
  readonly [detail: string]: unknown;
}

/** A text of it, safe to print; `null`: it has none. */
export function textOf(line: HistoryLine, key: string): string | null {
  const value = line[key];
  return typeof value === 'string' && value !== '' ? oneLine(value) : null;
}

export function numberOf(line: HistoryLine, key: string): number | null {
  const value = line[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** When it was written; 0 where that cannot be read. */
export const timeOf = ({ at }: HistoryLine): Millis => Date.parse(String(at)) || 0;

/** What it is about: `1.3.0 (0x2fd5b912…)`. */
export function releaseOf(line: HistoryLine): string {
  const checksum = textOf(line, 'checksum');
  return checksum === null ? 'a release' : releaseWords({ version: textOf(line, 'version'), checksum });
}

/** `: ` and why, where it says why. */
export function because(line: HistoryLine): string {
  const reason = textOf(line, 'reason');
  return reason === null ? '' : `: ${reason}`;
}

/** For how long nothing ran before this start. */
export function downFor(line: HistoryLine): string {
  const downtime = numberOf(line, 'downtime');
  return downtime === null ? '' : `, down for ${exactSpan(downtime)}`;
}
