import { VisorError } from '../errors.ts';
import { type ChainState, followNetwork, type NetworkOptions } from './network.ts';
import type { Announcement } from './source.ts';

export type ReadOptions = Pick<NetworkOptions, 'network' | 'endpoints' | 'genesis' | 'sources' | 'tuning' | 'log'>;

export interface NetworkReading {
  readonly state: ChainState;
  /** By the client's key; a client whose value does not decode is in `troubles`. */
  readonly announcements: ReadonlyMap<string, Announcement>;
  readonly troubles: ReadonlyMap<string, VisorError>;
}

/**
 * One read of a network, for `check` without a daemon; nothing is kept. Throws the VisorError of the last endpoint when all
 * have failed, and when aborted.
 */
export async function readNetworkOnce(options: ReadOptions, signal: AbortSignal): Promise<NetworkReading> {
  const announcements = new Map<string, Announcement>();
  const troubles = new Map<string, VisorError>();
  let unreadable: VisorError | null = null;
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const feed = followNetwork({
    ...options,
    floor: null,
    rememberGenesis: async () => undefined,
    announced: (client, announcement) => void announcements.set(client, announcement),
    trouble: (client, error) => {
      if (client !== null && error !== null) troubles.set(client, error);
      if (client === null) unreadable = error;
    },
    changed: settleWhenKnown,
  });
  function settleWhenKnown(): void {
    // told before the clients are: they follow in the same turn
    if (feed.state().readable !== null) queueMicrotask(settle);
  }
  signal.addEventListener('abort', settle, { once: true });
  if (signal.aborted) settle();
  await settled;
  signal.removeEventListener('abort', settle);
  const state = feed.state();
  await feed.stop();
  if (state.readable === true) return { state, announcements, troubles };
  throw (
    unreadable ??
    new VisorError('network', `${options.network} was not read in time`, 'Try again, or another endpoint.')
  );
}
