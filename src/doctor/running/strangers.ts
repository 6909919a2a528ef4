import { tracesOf } from '../../daemon/instance/traces.ts';
import { type Look, lookForStrangers } from '../../process/strangers/look.ts';
import type { Stranger } from '../../process/strangers/strangers.ts';
import { hasTraces } from '../../process/strangers/traces.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, runHere } from '../patient.ts';
import { mayActAs } from '../who.ts';

/** No identity: whatever a vaultvisor started is none here, its own client's included. */
const NOBODY = '';

/** Clients of the same account that vaultvisor did not start: both would pay. */
export const strangers = check(
  'strangers',
  async (patient) => {
    const { instances } = patient;
    // whose marks we may not read would all look like strangers
    if (!(await mayActAs(patient))) return null;
    const asked = runHere(patient).filter((client) => hasTraces(tracesOf(client)));
    const ours = new Set(instances.flatMap(({ child }) => child?.pid ?? []));
    return Promise.all(
      asked.map(async (client) => {
        const look = await lookForStrangers(tracesOf(client), { since: null, units: true }, NOBODY);
        return { name: nameOf(client), policy: client.strangers.policy, look: without(ours, look) };
      }),
    );
  },
  (seen) => {
    if (seen === null) return skipped('Only root and the user of the daemon can tell our own clients from others.');
    if (seen.length === 0)
      return skipped('No client names a key file, a key name or an account by which another could be known.');
    return verdict(
      seen.flatMap(({ name, policy, look }) => [
        ...look.strangers.map((one) => found(name, policy, one)),
        ...blind(name, look),
      ]),
      'No client of these accounts runs that vaultvisor did not start.',
    );
  },
);

const without = (ours: ReadonlySet<number>, look: Look): Look => ({
  ...look,
  strangers: look.strangers.filter(({ pid }) => pid === null || !ours.has(pid)),
});

function found(about: string, policy: 'wait' | 'ignore', { words, end }: Stranger): Complaint {
  const consequence =
    policy === 'wait' ? 'nothing is started beside it' : 'as the args file says, the client is started all the same';
  const sentence = `Another client of its account is on this machine, ${words}: ${consequence}.`;
  return { severity: policy === 'wait' ? 'error' : 'warning', about, sentence, fix: end };
}

function blind(about: string, { unseen }: Look): readonly Complaint[] {
  if (unseen.length === 0) return [];
  const sentence = `Not everything could be looked at: ${unseen.slice(0, 3).join('; ')}.`;
  return [{ severity: 'note', about, sentence, fix: 'Run doctor as root.' }];
}
