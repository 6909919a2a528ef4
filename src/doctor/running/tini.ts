import { findTini } from '../../process/start/tini.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf } from '../patient.ts';

/** Where the file asks for it and it is not there, the client is not started. */
export const tini = check(
  'tini',
  ({ clients }) => ({
    asking: clients.filter(({ parentDeath }) => parentDeath === 'tini').map(nameOf),
    found: findTini(),
  }),
  ({ asking, found }) => {
    if (asking.length === 0) return skipped('No client asks for tini (parentDeath).');
    const fix = 'Install it (Debian, Ubuntu: apt-get install tini; Alpine: apk add tini), or take parentDeath out.';
    const sentence = 'parentDeath is “tini”, and tini is not installed: it is not started.';
    return verdict(
      found === null ? asking.map((about): Complaint => ({ severity: 'error', about, sentence, fix })) : [],
      `tini is ${found}.`,
    );
  },
);
