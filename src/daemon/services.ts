import type { NetworkFeed } from '../chain/network.ts';
import type { Head } from '../gate/conditions.ts';
import type { Home } from '../layout.ts';
import type { Log } from '../log.ts';
import type { Exit } from '../process/child.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Downloader } from '../store/downloader.ts';
import type { Clock } from './clock.ts';
import type { HomeLock } from './home-lock.ts';
import type { Permits } from './permits.ts';

/** Bytes of a file; `total` where the server says it. */
export interface Progress {
  readonly received: number;
  readonly total: number | null;
}

/** How a client's process ended. */
export type Ending = Pick<Exit, 'code' | 'signal'>;

/** What all instances of a daemon share. */
export interface Services {
  readonly home: Home;
  readonly blobs: Blobs;
  readonly downloader: Downloader;
  readonly clock: Clock;
  /** Who may stop an old child for a new one. */
  readonly updating: Permits;
  /** Who may start a child. */
  readonly starting: Permits;
  /** Where the locks of identities lie. */
  readonly lockFolder: string;
  /** Asked before every start. */
  readonly homeLock: HomeLock;
  /** Questions to the node of a network that is connected just now. Throws without one. */
  readonly ask: (network: string) => NetworkFeed['ask'];
  /** The finalised head of a network as it was last read; `null`: it was not, or nobody reads that chain. */
  readonly head: (network: string) => Head | null;
  /** Who said that no client's first start on this machine is guarded; `null`: nobody. */
  readonly skipGuard: string | null;
  /** Aborts when the daemon ends: what an agent runs is left to it then. */
  readonly leaving: AbortSignal;
  /** Told how a client ended that may not be started again by itself. */
  readonly down: (exit: Ending) => void;
  /** Of this program. */
  readonly version: string;
  readonly log: Log;
  readonly allowInsecure: () => boolean;
  /** How far a transfer is, for a terminal; `null`: it has ended. */
  readonly progress: (place: string, progress: Progress | null) => void;
}
