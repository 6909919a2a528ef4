import { hash } from 'node:crypto';
import type { Checksum, Millis } from '../core/release.ts';
import { utc } from './times.ts';
import { open, type Verdict, waits } from './verdict.ts';

/** Times of our own clock. `drift`: by how much the wall clock, which people go by, is ahead of it. */
export interface Moment {
  readonly now: Millis;
  readonly drift: Millis;
}

/** Open once the release has been known here for `minAge`. */
export function ageGate(minAge: Millis, heard: Millis, at: Moment): Verdict {
  return from(heard + minAge, at, (time) => `the release to be old enough (gates.minAge): ${time}`);
}

/** How the updates of many hosts are spread: `group` tells one host from another. */
export interface Rollout {
  readonly window: Millis;
  readonly group: string;
}

/** Open once this host's share of the window is over, counted from when the release was first heard of. */
export function rolloutGate({ window, group }: Rollout, checksum: Checksum, heard: Millis, at: Moment): Verdict {
  const due = heard + Math.floor(share(checksum, group) * window);
  return from(due, at, (time) => `its turn in the rollout (gates.rolloutWindow): ${time}`);
}

/** In [0, 1): the same for ever, another for each release, evenly spread over the groups. */
export function share(checksum: Checksum, group: string): number {
  const digits = hash('sha256', `${checksum}\n${group}`, 'hex').slice(0, 12);
  return Number.parseInt(digits, 16) / 2 ** 48;
}

function from(due: Millis, { now, drift }: Moment, words: (time: string) => string): Verdict {
  return now >= due ? open : waits(words(utc(due + drift)), due - now);
}
