/**
 * What running a client as another user takes (capabilities(7)), and what for. Who may become any user is root in all but name: this keeps from the daemon what
 * has nothing to do with it (the network, modules, mounts, the clock), not what such a user could do.
 */
export const forOtherUsers: readonly (readonly [capability: string, why: string])[] = [
  ['CAP_SETUID', 'to run a client as its own user'],
  ['CAP_SETGID', 'and with its groups'],
  ['CAP_KILL', 'to ask it to leave'],
  ['CAP_CHOWN', 'to give it its folders'],
  ['CAP_FOWNER', 'to give backups of its data back as they were'],
  ['CAP_DAC_OVERRIDE', 'to read its key file for its identity, and to back up its data'],
  ['CAP_SYS_PTRACE', 'to see in /proc which locks it holds'],
];

/** Their names, in one line. */
export const capabilityNames = forOtherUsers.map(([name]) => name).join(' ');
