/** A unit as operators ask for it, of a systemd that no test machine need have. */
export const wanted = {
  name: 'vaultvisor',
  program: ['/usr/local/bin/vaultvisor'],
  config: '/etc/vaultvisor/args.json',
  user: 'vaultvisor',
  systemd: 252,
};
