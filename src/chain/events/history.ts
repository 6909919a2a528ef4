import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../errors.ts';
import type { NetworkOptions } from '../network.ts';
import type { Block } from '../source.ts';
import type { Tuning } from '../tuning.ts';
import { readEvents } from './block-events.ts';

/** Tells the events behind a change, one block at a time, if they can be had; nothing waits for it and nothing fails with it. */
export interface History {
  tell(endpoint: string, clients: readonly string[], block: Block): void;
  /** After the abort: when the last reader is gone. */
  ended(): Promise<void>;
}

/** Blocks that may wait to be decoded: changes come by hand, so more than a few at once is a node that plays with us. */
const QUEUE = 8;

type Options = Pick<NetworkOptions, 'network' | 'decoded' | 'log'>;

export function createHistory({ network, decoded, log }: Options, tuning: Tuning, signal: AbortSignal): History {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  const decode = async (endpoint: string, clients: readonly string[], block: Block) => {
    try {
      const events = await readEvents(endpoint, block.hash, tuning, signal);
      if (signal.aborted) return;
      for (const client of clients) decoded?.(client, events, block);
    } catch (error) {
      log.debug({ network, block: block.number }, `the events of the block could not be read: ${sentenceOf(error)}`);
    } finally {
      waiting -= 1;
    }
  };

  return {
    tell: (endpoint, clients, block) => {
      if (decoded === undefined || waiting >= QUEUE) return;
      waiting += 1;
      const calm = sleep(tuning.calm, undefined, { signal }).catch(() => undefined);
      last = Promise.all([last, calm]).then(() => decode(endpoint, clients, block));
    },
    ended: () => last,
  };
}
