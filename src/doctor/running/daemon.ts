import { type Complaint, check, verdict } from '../check.ts';

/** Whether one runs and answers. Without one the clients run on, and nobody starts them again. */
export const daemon = check(
  'daemon-answers',
  (patient) => patient,
  ({ daemon: found, silence, instances }) => {
    if (found !== null) return verdict([], `A daemon runs (pid ${found.pid}) and answers.`);
    const isAlone = instances.some(({ child }) => child !== null);
    const answers = silence === 'no daemon runs' || silence === null;
    const complaint: Complaint = answers
      ? {
          severity: isAlone ? 'warning' : 'note',
          about: null,
          sentence: 'No daemon runs for this home.',
          fix: 'Start it: systemctl start vaultvisor, or vaultvisor run.',
        }
      : {
          severity: 'error',
          about: null,
          sentence: `A daemon holds the home, and ${silence}.`,
          fix: 'It may be stopped (SIGSTOP) or the machine overloaded: look at its process and its log, then restart it.',
        };
    return verdict([complaint], '');
  },
);

/** After an upgrade the former one runs on until it is restarted. */
export const daemonVersion = check(
  'daemon-version',
  ({ daemon: found, version }) => ({ runs: found?.version ?? null, own: version }),
  ({ runs, own }) => {
    if (runs === null) return { is: 'skipped', sentence: 'No daemon runs.' };
    const complaint: Complaint = {
      severity: 'warning',
      about: null,
      sentence: `The daemon that runs is ${runs}, and this program is ${own}.`,
      fix: 'Restart it: systemctl restart vaultvisor. Each client is asked to leave and started again.',
    };
    return verdict(runs === own ? [] : [complaint], `The daemon is of this version (${own}).`);
  },
);
