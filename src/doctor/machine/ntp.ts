import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { check, skipped, verdict } from '../check.ts';

/** Whether the kernel says that somebody keeps its clock right; `null`: nobody here can be asked. */
export const ntp = check('clock-synchronised', askTimedate, (answer) => {
  const said = answer === null ? undefined : /^NTPSynchronized=(yes|no)$/m.exec(answer)?.[1];
  if (said === undefined)
    return skipped('There is no timedatectl that could be asked; the chains’ clocks are compared below.');
  const complaint = {
    severity: 'warning',
    about: null,
    sentence: 'Nobody keeps the clock of this machine right.',
    fix: 'timedatectl set-ntp true; without systemd-timesyncd: apt-get install chrony.',
  } as const;
  return verdict(said === 'yes' ? [] : [complaint], 'The clock is kept right by NTP.');
});

async function askTimedate(): Promise<string | null> {
  const env = { ...process.env, LC_ALL: 'C' };
  const asked = promisify(execFile)('timedatectl', ['show'], { env, timeout: 5_000, killSignal: 'SIGKILL' });
  return asked.then(
    ({ stdout }) => stdout,
    () => null,
  );
}
