import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf } from '../patient.ts';

/** Whom nothing names is told from others by its home and its place in the file alone: a second home knows nothing of it. */
export const identity = check(
  'identity',
  ({ clients }) => ({ count: clients.length, nameless: clients.filter(({ identity: { rule } }) => rule === 'home') }),
  ({ count, nameless }) => {
    if (count === 0) return skipped('No client is named.');
    return verdict(
      nameless.map(
        (client): Complaint => ({
          severity: 'warning',
          about: nameOf(client),
          sentence: 'Nothing says whose account it serves: a vaultvisor of another home would run it beside this one.',
          fix: 'Name what stays the same wherever it runs: "identity": "the account", or {"file": "/path/of/its/key"}.',
        }),
      ),
      'Of every client it is known whose account it serves.',
    );
  },
);
