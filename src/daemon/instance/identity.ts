import { resolveIdentity } from '../../config/identity.ts';
import type { Lock } from '../../process/lock.ts';
import { exclusiveName, lockName, lockPath } from '../../process/lock-names.ts';
import { guards } from '../../process/locks/guards.ts';
import { claimOwner } from '../../process/owner.ts';
import { LOOK_AGAIN } from '../home-lock.ts';
import type { Cell } from './cell.ts';
import { tellBlocked } from './guard.ts';

/** What a child is guarded by: whose it is, and the locks that it inherits, its identity's first. */
export interface Guard {
  readonly identity: string;
  readonly locks: readonly string[];
}

/**
 * Who the client is by the file as it is now. It is guarded under the network's name and, where the file pins it, under its genesis: two files need to
 * agree on one of them.
 */
export async function guardOf(cell: Cell): Promise<Guard & { readonly names: readonly string[] }> {
  const { network, client, exclusive } = cell.config();
  const { home, lockFolder } = cell.services;
  const identity = await resolveIdentity(cell.config().identity, { network, client, home: home.root });
  const genesis = cell.genesis();
  const scopes = [network, ...(genesis === null ? [] : [genesis])];
  const names = scopes.map((scope) => lockName({ scope, identity }));
  const locks = [...names, ...exclusive.map(exclusiveName)].map((name) => lockPath(lockFolder, name));
  return { identity: names[0] ?? '', locks, names };
}

/**
 * Makes this daemon the owner of the identity that the file names now, waiting while another daemon manages it: that one's
 * child is never touched. Only an owner may take what holds the child's lock for an orphan.
 */
export async function claimIdentity(cell: Cell, signal: AbortSignal): Promise<Guard> {
  const { names, identity, locks } = await guardOf(cell);
  for (const name of names) await own(name, cell, signal);
  return { identity, locks };
}

/** One claim for each identity, whoever of the tasks asks first: two of our own would wait for each other. */
async function own(identity: string, cell: Cell, signal: AbortSignal): Promise<void> {
  await forgetIfLost(identity, cell);
  const claim = cell.claims.get(identity) ?? claimOnce(identity, cell);
  cell.claims.set(identity, claim);
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    await Promise.race([claim, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
  signal.throwIfAborted();
}

/** Where somebody removed the file of the lock that we have, another daemon could own the client: it is to be claimed again. */
async function forgetIfLost(identity: string, cell: Cell): Promise<void> {
  const claim = cell.claims.get(identity);
  const lock = await Promise.race([claim, null]);
  if (!lock || guards(lock) || cell.claims.get(identity) !== claim) return;
  cell.claims.delete(identity);
  lock.release();
  const reason = `somebody removed ${lock.path} while this vaultvisor runs: it is made and locked again; never remove it`;
  cell.log.error({ reason }, 'the lock of a client was lost');
  cell.notice({ event: 'alarm', about: 'locks', reason });
}

/** Looks every 10 s, until the instance ends, whether what it owns is still its own. What it waits to own is not waited for once more. */
export function watchClaims(cell: Cell): void {
  const waiting = new Set<string>();
  const look = () => {
    for (const identity of cell.claims.keys()) {
      if (waiting.has(identity)) continue;
      waiting.add(identity);
      own(identity, cell, cell.stopping)
        .catch(() => {}) // told where it is claimed
        .finally(() => waiting.delete(identity));
    }
  };
  const timer = setInterval(look, LOOK_AGAIN);
  cell.stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
}

async function claimOnce(identity: string, cell: Cell): Promise<Lock> {
  try {
    const claim = await claimOwner(cell.services.lockFolder, identity, cell.services.home.root);
    if (claim.owned) return claim.lock;
    tellBlocked(`another vaultvisor manages this client, and is left alone: ${claim.owner}`, cell);
    return await claim.wait(cell.stopping).finally(() => cell.blocked.set(null));
  } catch (error) {
    cell.claims.delete(identity);
    throw error;
  }
}

/**
 * Lets go of every identity. A former one is kept until the instance ends: its last child may still be leaving.
 */
export async function disown(cell: Cell): Promise<void> {
  const claims = [...cell.claims.values()];
  cell.claims.clear();
  for (const claim of claims)
    await claim.then(
      (lock) => lock.release(),
      () => {},
    );
}
