import { type Complaint, check, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';
import { type Mount, mountOf } from './mounts.ts';
import { type Place, placesOf } from './places.ts';

interface Seen {
  readonly place: Place;
  readonly mount: Mount;
}

/** Whether what is written outlives a restart of the machine, or of the container. */
export const lasting = check(
  'disk-lasting',
  async (patient: Patient) =>
    Promise.all(placesOf(patient).map(async (place): Promise<Seen> => ({ place, mount: await mountOf(place.path) }))),
  (seen) => verdict(seen.flatMap(complaintsOf), 'What is written outlives a restart.'),
);

export function complaintsOf({ place, mount }: Seen): readonly Complaint[] {
  const about = place.client;
  const fix = 'Have it lie on a disk: a volume of the container, a folder outside of /tmp and /run.';
  if (mount.type === 'tmpfs' || mount.type === 'ramfs') {
    const sentence = `${place.path} (${place.what}) is in memory (${mount.type} on ${mount.at}): a reboot forgets it. A vault that forgets its payments pays them again.`;
    return [{ severity: 'error', about, sentence, fix }];
  }
  // the root of a container goes with the container
  if (mount.type === 'overlay') {
    const sentence = `${place.path} (${place.what}) is in the container itself (overlay on ${mount.at}): it is gone when the container is removed.`;
    return [{ severity: 'warning', about, sentence, fix }];
  }
  return [];
}
