import { existsSync } from 'node:fs';
import { check, verdict } from '../check.ts';

/** Whether other users' processes are shown: who holds a lock, and who else runs a client, is asked there. */
export const processesSeen = check(
  'processes-seen',
  () => ({ isSeen: existsSync('/proc/1/stat') }),
  ({ isSeen }) => {
    const complaint = {
      severity: 'warning',
      about: null,
      sentence:
        'The processes of other users are hidden (/proc is mounted with hidepid): a client that another user started is not found.',
      fix: 'Let the daemon’s user see them (mount -o remount,hidepid=0 /proc; ProtectProc=default in the unit). The locks exclude all the same.',
    } as const;
    return verdict(isSeen ? [] : [complaint], 'The processes of all users can be seen.');
  },
);
