import { Cron } from 'croner';
import type { Millis } from '../core/release.ts';
import { local } from './times.ts';
import { open, type Verdict, waits } from './verdict.ts';

/** When an update may begin: from each time that `cron` names, for so long. */
export interface Window {
  /** Five fields as crontab(5) has them. */
  readonly cron: string;
  readonly for: Millis;
  /** IANA's name of the time zone in which `cron` is meant. */
  readonly zone: string;
}

/** The wall clock may be set, and windows go by it. */
const LOOK_AGAIN: Millis = 60_000;

/**
 * Open while any of the windows is; without one, always.
 * @param wall the time of the wall clock
 */
export function windowGate(windows: readonly Window[], wall: Millis): Verdict {
  if (windows.length === 0 || windows.some((window) => isOpen(window, wall))) return open;
  const coming = windows
    .flatMap((window) => {
      const at = nextStart(window, wall);
      return at === null ? [] : [{ at, zone: window.zone }];
    })
    .sort((a, b) => a.at - b.at)[0];
  // the args file refuses what never opens, but a calendar may have an end
  if (coming === undefined) return waits('a maintenance window: none of them opens again', LOOK_AGAIN);
  const words = `the maintenance window that opens ${local(coming.at, coming.zone)}`;
  return waits(words, Math.min(LOOK_AGAIN, coming.at - wall));
}

/** It began less than its length ago. Its length is elapsed time, whatever the zone does to its clocks meanwhile. */
export function isOpen(window: Window, wall: Millis): boolean {
  const began = nextStart(window, wall - window.for);
  return began !== null && began <= wall;
}

/** When it begins next after a time; `null`: never again. */
export function nextStart({ cron, zone }: Window, after: Millis): Millis | null {
  return schedule(cron, zone).nextRun(new Date(after))?.getTime() ?? null;
}

const known = new Map<string, Cron>();

/**
 * `no-wildcard`, as crond has it: what names its hours begins once a day, with the end of the missing hour where a zone leaves it out, and
 * with the first of the two where it is there twice.
 */
function schedule(cron: string, timezone: string): Cron {
  const key = `${timezone} ${cron}`;
  const made =
    known.get(key) ?? new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
  known.set(key, made);
  return made;
}
