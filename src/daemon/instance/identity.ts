import { resolveIdentity } from '../../config/identity.ts';
import type { Lock } from '../../process/lock.ts';
import { exclusiveName, lockName, lockPath } from '../../process/lock-names.ts';
import { claimOwner } from '../../process/owner.ts';
import type { Cell } from './cell.ts';

/** What a child is guarded by: whose it is, and the locks that it inherits, its identity's first. */
export interface Guard {
  readonly identity: string;
  readonly locks: readonly string[];
}

/**
 * Makes this daemon the owner of the identity that the file names now, waiting while another daemon manages it: that one's
 * child is never touched. Only an owner may take what holds the child's lock for an orphan.
 */
export async function claimIdentity(cell: Cell, signal: AbortSignal): Promise<Guard> {
  const { network, client, exclusive } = cell.config();
  const { home, lockFolder } = cell.services;
  const text = await resolveIdentity(cell.config().identity, { network, client, home: home.root });
  const identity = lockName({ scope: cell.scope(), client, identity: text });
  await own(identity, cell, signal);
  return { identity, locks: [identity, ...exclusive.map(exclusiveName)].map((name) => lockPath(lockFolder, name)) };
}

async function own(identity: string, cell: Cell, signal: AbortSignal): Promise<void> {
  if (cell.owned.has(identity)) return;
  const claim = await claimOwner(cell.services.lockFolder, identity, cell.services.home.root);
  if (claim.owned) return keep(identity, claim.lock, cell);
  cell.log.error(
    { owner: claim.owner },
    'another vaultvisor manages this client; it is left alone, and ours stays down until that one has gone',
  );
  cell.blocked.set(`another vaultvisor manages this client: ${claim.owner}`);
  try {
    keep(identity, await claim.wait(signal), cell);
  } finally {
    cell.blocked.set(null);
  }
}

/** Of a former identity the owner's lock is kept until the instance ends: its last child may still be leaving. */
function keep(identity: string, lock: Lock, cell: Cell): void {
  cell.owned.set(identity, lock);
}

export function disown(cell: Cell): void {
  for (const lock of cell.owned.values()) lock.release();
  cell.owned.clear();
}
