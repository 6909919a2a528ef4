import { isObject } from '../session/frame.ts';
import type { Session } from '../session/session.ts';
import type { SignedExtrinsic } from '../source.ts';
import { type AccountId, accountKey, nonceOf } from '../values/account.ts';
import { extrinsicHash, isSignedBy } from '../values/signer.ts';
import { hashOf, readValues } from './read-values.ts';

/** Between which finalised blocks an account's nonce rose, and what it was at the first. */
export interface Rise {
  readonly id: AccountId;
  readonly after: { readonly number: number; readonly nonce: number };
  readonly upTo: number;
}

/** The first extrinsic that made it rise. Throws an Error where the node no longer has these blocks' states or bodies. */
export async function findSigned(session: Session, { id, after, upTo }: Rise): Promise<SignedExtrinsic> {
  const block = await firstAbove(session, id, after, upTo);
  const hash = await hashOf(session, block);
  const extrinsics = extrinsicsOf(await session.send('chain_getBlock', [hash]));
  const index = extrinsics.findIndex((extrinsic) => isSignedBy(extrinsic, id));
  const extrinsic = index < 0 ? null : { index, hash: extrinsicHash(extrinsics[index]!) };
  return { block: { number: block, hash }, extrinsic };
}

/** By halves: a watch that was cut off for a day is eleven questions. */
async function firstAbove(
  session: Session,
  id: AccountId,
  after: { readonly number: number; readonly nonce: number },
  upTo: number,
): Promise<number> {
  let [low, high] = [after.number, upTo];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const values = await readValues(session, [accountKey(id)], await hashOf(session, middle));
    if (nonceOf(values, id) > after.nonce) high = middle;
    else low = middle;
  }
  return high;
}

function extrinsicsOf(answer: unknown): readonly string[] {
  const block = isObject(answer) ? answer['block'] : null;
  const extrinsics = isObject(block) ? block['extrinsics'] : null;
  if (!Array.isArray(extrinsics)) throw new Error('chain_getBlock answered no block');
  return extrinsics.filter((one): one is string => typeof one === 'string');
}
