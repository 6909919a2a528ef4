import { type Complaint, check, skipped, verdict } from '../check.ts';

/** Clients that a dead daemon left: they run on, and nobody would start them again. */
export const orphans = check(
  'orphans',
  ({ daemon, instances }) => (daemon === null ? instances.filter(({ child }) => child !== null) : null),
  (left) => {
    if (left === null) return skipped('A daemon runs: what a former one left is its business, and in the history.');
    return verdict(
      left.map(({ network, client, child }): Complaint => {
        const sentence = `It runs (pid ${child?.pid}), and no daemon looks after it.`;
        const fix = 'Start the daemon: it takes it over, or ends it first, as “orphans” of the args file says.';
        return { severity: 'error', about: `${network}/${client}`, sentence, fix };
      }),
      'No client is left without a daemon.',
    );
  },
);
