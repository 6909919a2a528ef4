import { storageKey } from './genesis.ts';

/** A block by its number and its hash (`0x` + 64 hex digits). */
export interface BlockRef {
  readonly number: number;
  readonly hash: string;
}

/** One raw JSON-RPC request. */
type Send = (method: string, params: unknown[]) => Promise<unknown>;

/** Between two blocks of the chain's own clock (`SLOT_DURATION` of the runtime). */
const SLOT_MS = 1_000;

/**
 * Builds a block with what waits in the pool. The chain's clock goes on by one slot with every block, however long that took, so it
 * is first set to the wall's where it is behind: a chain that stood idle is not to look like a frozen one.
 */
export async function newBlock(send: Send): Promise<BlockRef> {
  const due = Date.now() - SLOT_MS;
  if ((await chainTime(send)) < due) await send('dev_timeTravel', [due]);
  return blockAt(send, (await send('dev_newBlock', [{}])) as string);
}

async function blockAt(send: Send, hash: string): Promise<BlockRef> {
  const header = (await send('chain_getHeader', [hash])) as { number: string };
  return { number: Number(header.number), hash };
}

async function chainTime(send: Send): Promise<number> {
  const value = (await send('state_getStorage', [storageKey('Timestamp', 'Now')])) as string | null;
  return value === null ? 0 : Number(Buffer.from(value.slice(2), 'hex').readBigUInt64LE());
}
