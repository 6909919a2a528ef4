import { type Deployment, toApply } from '../../core/deployment.ts';
import type { Instance } from '../../core/instance.ts';
import { committed } from '../../core/occupancy.ts';

import type { Release } from '../../core/release.ts';

/** The release that the operator's args were made for, as far as is known: the newest that was committed without the first migration that is to be applied. */
export function servedBefore(i: Instance, of: Deployment): Pick<Release, 'version' | 'checksum'> | null {
  const [first] = toApply(of);
  const known = [committed(i), ...i.formers.map(({ deployment }) => deployment)];
  const before = known.find(
    (one) =>
      one !== null &&
      one.release.checksum !== of.release.checksum &&
      !one.migrations?.some(({ checksum }) => checksum === first?.checksum),
  );
  return before ? { version: before.release.version, checksum: before.release.checksum } : null;
}
