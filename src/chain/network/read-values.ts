import { isObject } from '../session/frame.ts';
import { METHOD_NOT_FOUND, NodeRefused } from '../session/requests.ts';
import type { Session } from '../session/session.ts';
import type { Values } from '../source.ts';

/**
 * All keys at one block, in one request. A key that the answer leaves out is an error: a node must not be able to take a
 * release back by silence. Throws an Error.
 */
export async function readValues(session: Session, keys: readonly string[], hash: string): Promise<Values> {
  const wanted = [...new Set(keys)];
  try {
    return valuesOf(await session.send('state_queryStorageAt', [wanted, hash]), wanted, hash);
  } catch (error) {
    if (!(error instanceof NodeRefused) || error.code !== METHOD_NOT_FOUND) throw error;
    const values = await Promise.all(wanted.map((key) => session.send('state_getStorage', [key, hash])));
    return new Map(wanted.map((key, index) => [key, hexOrNull(values[index])]));
  }
}

function valuesOf(answer: unknown, wanted: readonly string[], hash: string): Values {
  const set: unknown = Array.isArray(answer) && answer.length === 1 ? answer[0] : null;
  if (!isObject(set) || set['block'] !== hash || !Array.isArray(set['changes'])) {
    throw new Error(`state_queryStorageAt did not answer for the block ${hash}`);
  }
  const given = new Map<unknown, unknown>(
    set['changes'].filter(Array.isArray).map((pair): [unknown, unknown] => [pair[0], pair[1]]),
  );
  return new Map(
    wanted.map((key) => {
      if (!given.has(key)) throw new Error(`state_queryStorageAt left out ${key}`);
      return [key, hexOrNull(given.get(key))];
    }),
  );
}

function hexOrNull(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2})*$/i.test(value))
    throw new Error('a storage value that is not hex');
  return value.toLowerCase();
}

/** The hash of a finalised block by its number. Throws an Error where the node has none. */
export async function hashOf(session: Session, number: number): Promise<string> {
  const hash = await session.send('chain_getBlockHash', [number]);
  if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash))
    throw new Error(`the node has no hash of its block ${number}`);
  return hash.toLowerCase();
}
