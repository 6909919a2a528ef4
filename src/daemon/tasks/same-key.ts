import { keyOf } from '../../config/identity.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Deployment } from '../../core/deployment.ts';
import { VisorError } from '../../errors.ts';
import type { Material } from '../../install/material.ts';

/**
 * The lock that keeps a second client of an account away is named by the key that the operator's args name. A migration that names another would be started
 * behind the lock of another account. One that no longer names it (a flag with another name) passes only where the file says the identity itself.
 * @throws VisorError `protocol`
 */
export function refuseOtherKey({ args, cwd }: Deployment, after: Material, { identity }: ClientConfig): void {
  const [before, now] = [keyOf(args, cwd), keyOf(after.args, cwd)];
  const isSaid = identity.rule === 'text' || identity.rule === 'file';
  for (const [flag, was, is] of [
    ['--keyfile', before.file, now.file],
    ['--keyname', before.keyname, now.keyname],
  ] as const) {
    if (was === is || (is === null && isSaid)) continue;
    throw new VisorError(
      'protocol',
      `The migration of arguments changes ${flag}: the client would run under another account than the one that is locked for it`,
      is === null
        ? 'Nothing was changed. If the same key goes by another flag now, say the identity in the args file ("identity" of the client); else tell whoever publishes it.'
        : `Nothing was changed. Only you may change it: write the new arguments into the args file yourself and add the migration to "migrated" of the client.`,
    );
  }
}
