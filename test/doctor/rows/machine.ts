import type { Row } from '../support/row.ts';

/** What this machine has in order; the rest is in test/doctor/sick-machine.test.ts. */
export const machineRows: readonly Row[] = [
  { id: 'memory', what: 'memory enough', state: 'well', says: /of memory are left/, scene: (room) => room.args() },
  { id: 'open-files', what: 'files enough', state: 'well', says: /files may be open/, scene: (room) => room.args() },
  {
    id: 'processes-seen',
    what: 'a /proc that hides nobody',
    state: 'well',
    says: /can be seen/,
    scene: (room) => room.args(),
  },
];
