import { continued } from '../../daemon/continued-clock.ts';
import { bootId, machineTime } from '../../process/machine.ts';
import { loadClock } from '../../store/state-clock.ts';
import { check, skipped, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';

/** NTP corrects less than this without anybody setting anything. */
const USUAL = 60_000;

/** Whether the wall clock was set since the first daemon of this boot: its own clock goes on evenly. */
export const clockSet = check('clock-jumped', lookAtClocks, (seen) => {
  if (seen === null) return skipped('No daemon has kept a clock since this machine was started.');
  const seconds = Math.round(seen.ahead / 1_000);
  const how = `${Math.abs(seconds)} s ${seconds > 0 ? 'forward' : 'back'}`;
  const complaint = {
    severity: 'note',
    about: null,
    sentence: `Somebody has set the wall clock ${how} since the first daemon of this boot.`,
    fix: 'If the time is right now, nothing: waits, holds and quarantines do not go by it. Maintenance windows and certificates do.',
  } as const;
  return verdict(
    Math.abs(seen.ahead) > USUAL ? [complaint] : [],
    'Nobody has set the wall clock since the daemon began.',
  );
});

async function lookAtClocks({ home }: Patient): Promise<{ readonly ahead: number } | null> {
  const own = home && continued(await loadClock(home.clock), { boot: bootId(), machine: machineTime() });
  return own === null ? null : { ahead: Date.now() - own };
}
