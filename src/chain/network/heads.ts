import { isObject } from '../session/frame.ts';

/** The highest finalised block that was read. `hash`: `null` where only the number was kept on disk. */
export interface Highest {
  readonly number: number;
  readonly hash: string | null;
}

/**
 * What a head means beside the highest block read before.
 * `lagging`: another endpoint that is a few blocks behind, as honest nodes are. `backwards`: finality was taken back.
 */
export type HeadVerdict = 'read' | 'lagging' | 'backwards';

export function judgeHead(number: number, highest: Highest | null, isFirst: boolean, slack: number): HeadVerdict {
  if (highest === null || number >= highest.number) return 'read';
  return isFirst && highest.number - number <= slack ? 'lagging' : 'backwards';
}

/** Whether another block is called final at the same height: one of the two nodes lies. */
export function isFork(number: number, hash: string, highest: Highest | null): boolean {
  return highest !== null && highest.hash !== null && highest.number === number && highest.hash !== hash;
}

/** The number of a header as nodes send it. Throws an Error for anything else. */
export function numberOfHead(header: unknown): number {
  const number = isObject(header) ? header['number'] : undefined;
  if (typeof number !== 'string' || !/^0x[0-9a-f]{1,12}$/i.test(number))
    throw new Error('a head without a block number');
  return Number(number);
}
