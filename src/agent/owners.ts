import { basename, dirname } from 'node:path';
import type { ChildRecord } from '../process/child-record.ts';
import type { Lock } from '../process/lock.ts';
import { claimOwner } from '../process/owner.ts';

/** The identities that this agent manages: no other agent and no daemon starts a client of one that sees the same locks. */
export interface Owners {
  /** Owns these names, waiting while another manages one. @throws the signal's reason */
  own(folder: string, names: readonly string[], signal: AbortSignal, blocked: Blocked): Promise<void>;
  releaseAll(): void;
}

type Blocked = (words: string | null) => void;

/** @param home what the note beside the lock names: where a person finds who holds it */
export function createOwners(home: string): Owners {
  const held = new Map<string, Lock>();
  return {
    async own(folder, names, signal, blocked) {
      for (const name of names) {
        const key = `${folder}/${name}`;
        if (held.has(key)) continue;
        const claim = await claimOwner(folder, name, home);
        if (claim.owned) {
          held.set(key, claim.lock);
          continue;
        }
        blocked(`another vaultvisor manages this client, and is left alone: ${claim.owner}`);
        held.set(key, await claim.wait(signal));
        blocked(null);
      }
    },
    releaseAll() {
      for (const lock of held.values()) lock.release();
      held.clear();
    },
  };
}

/** Under which names the last child may be managed by another. */
export const ownedBy = ({ locks }: ChildRecord): readonly { readonly folder: string; readonly name: string }[] =>
  locks.map((path) => ({ folder: dirname(path), name: basename(path, '.lock') }));
