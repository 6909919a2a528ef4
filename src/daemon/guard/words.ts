import type { SignedExtrinsic } from '../../chain/source.ts';
import type { Sight } from '../../core/vigil.ts';

/** What was found of who made a nonce rise; `null`: the node could not say. */
export type Found = (SignedExtrinsic & { readonly call: string | null }) | null;

/** An account as people compare it: the begin is enough. */
const short = (address: string): string => `${address.slice(0, 8)}…`;

/** What the first start waits for. `until`: a block; `null`: the chain was not read yet. */
export function watchingWords(address: string, until: number | null, exists: boolean): string {
  const end = until === null ? ', as soon as its chain is read,' : ` until block #${until}`;
  const doubt = exists ? '' : '; the chain does not know this account: is the address right?';
  return `watching account ${short(address)}${end} before the first start on this machine${doubt}`;
}

/** What was signed, and where. */
export function signedWords(address: string, { after, by }: { after: Sight; by: Sight }, found: Found): string {
  return `account ${short(address)} signed ${whatWords(found, after.number, by.number)} while this client was down: another copy of it runs`;
}

function whatWords(found: Found, after: number, by: number): string {
  if (found === null) return `something after block #${after}, at the latest in block #${by},`;
  const { block, extrinsic, call } = found;
  if (extrinsic === null) return `something in block #${block.number}`;
  return `${call === null ? '' : `${call}, `}extrinsic ${extrinsic.hash} (${block.number}-${extrinsic.index})`;
}

/** What to do about a refusal. */
export const remedyWords = (place: string): string =>
  `stop that copy, then say vaultvisor start ${place}, and the account is watched anew; to start without: vaultvisor start ${place} --skip-guard`;

/** The same for machines. */
export const detailsOf = (found: Found) => ({
  block: found?.block.number ?? null,
  extrinsic: found?.extrinsic?.hash ?? null,
  call: found?.call ?? null,
});
