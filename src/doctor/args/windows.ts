import type { ClientConfig } from '../../config/settings.ts';
import { isOpen, nextStart } from '../../gate/windows.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf } from '../patient.ts';

/** A release that is required does not wait for weeks without somebody having meant that. */
const LONG = 14 * 86_400_000;

/** When maintenance windows open, in the zone that the file says and in that of this machine. */
export const windows = check(
  'maintenance-windows',
  ({ clients }) => ({
    clients: clients.filter(({ gates }) => gates.windows.length > 0),
    now: Date.now(),
    here: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }),
  ({ clients, now, here }) => {
    if (clients.length === 0) return skipped('No client has maintenance windows.');
    return verdict(
      clients.flatMap((client) => complaintsOf(client, now, here)),
      'Every maintenance window opens within two weeks, in the time zone of this machine.',
    );
  },
);

export function complaintsOf(client: ClientConfig, now: number, here: string): readonly Complaint[] {
  const all = client.gates.windows;
  const about = nameOf(client);
  if (all.some((window) => isOpen(window, now))) return [];
  const [first] = all
    .flatMap((window) => {
      const at = nextStart(window, now);
      return at === null ? [] : [{ at, zone: window.zone }];
    })
    .sort((a, b) => a.at - b.at);
  const fix = 'Correct gates.windows: a cron of five fields, “for”, and “zone” (an IANA name; UTC without it).';
  if (first === undefined)
    return [
      { severity: 'error', about, sentence: 'No maintenance window of it ever opens again: no update is made.', fix },
    ];
  const opens = `${local(first.at, first.zone)} ${first.zone}`;
  if (first.at - now > LONG)
    return [
      {
        severity: 'warning',
        about,
        sentence: `Its next maintenance window opens ${opens}: updates wait until then.`,
        fix,
      },
    ];
  const isElsewhere = local(first.at, first.zone) !== local(first.at, here);
  const sentence = `Its next maintenance window opens ${opens}, which is ${local(first.at, here)} in the time zone of this machine (${here}).`;
  return isElsewhere ? [{ severity: 'note', about, sentence, fix: 'Nothing, if that is what you mean.' }] : [];
}

const local = (at: number, timeZone: string): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
