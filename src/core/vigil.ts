/**
 * Whether somebody else signs with a client's account while our client is provably down. An account's nonce counts its extrinsics, so a copy on
 * another machine shows as soon as one that it signed is final; one that signs nothing does not show.
 */
import type { Millis } from './release.ts';

/** What the account was at a finalised block. `at`: when the block was made, by the chain's clock. */
export interface Sight {
  readonly number: number;
  readonly nonce: number;
  readonly at: Millis | null;
}

export interface Vigil {
  /** From this block on nothing can come that our own client sent. */
  readonly from: number;
  /** The first and the last sight since then. */
  readonly first: Sight | null;
  readonly last: Sight | null;
  /** Between these two the nonce rose first. */
  readonly rose: { readonly after: Sight; readonly by: Sight } | null;
}

/**
 * So many blocks are left for what was still on its way when our client left (in a pool, in a block that is not final): a minute or two. A
 * client waits for what it sent before it leaves, so that mostly nothing is.
 */
export const SETTLING = 10;

/** `newest`: the newest block there was after our client had left, final or not. */
export const beginVigil = (newest: number): Vigil => ({ from: newest + SETTLING, first: null, last: null, rose: null });

/**
 * One sight more. Blocks between two sights need not have been seen: a nonce tells what happened in them too.
 * @param leftAt when our client left, on the clock of now: a node that lags shows blocks of before
 */
export function seen(vigil: Vigil, sight: Sight, leftAt: Millis): Vigil {
  if (sight.number < vigil.from || (sight.at !== null && sight.at < leftAt)) return vigil;
  const { first, last } = vigil;
  // an account that was reaped begins again with 0
  if (first === null || last === null || sight.nonce < last.nonce) return { ...vigil, first: sight, last: sight };
  const rose = vigil.rose ?? (sight.nonce > last.nonce ? { after: last, by: sight } : null);
  return { ...vigil, last: sight, rose };
}

/** The block at which a vigil over `blocks` blocks is over, as far as can be said now. */
export const endOf = ({ from, first }: Vigil, blocks: number): number => Math.max(from, first?.number ?? 0) + blocks;

/** Over so many finalised blocks nobody has signed. */
export const isQuiet = (vigil: Vigil, blocks: number): boolean =>
  vigil.rose === null && vigil.last !== null && vigil.last.number >= endOf(vigil, blocks);
