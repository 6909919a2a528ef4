import type { NetworkFeed } from '../../chain/network.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Notice } from '../../core/notices/notice.ts';
import type { Millis } from '../../core/release.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { Log } from '../../log.ts';
import type { GuardBook } from './book.ts';
import type { Lookout } from './lookout.ts';

export interface Guarding {
  config(): ClientConfig;
  readonly folder: InstanceFolder;
  readonly log: Log;
  notice(notice: Notice): void;
  /** Why the client is not started. */
  blocked(words: string): void;
  /** Questions to the node of the client's chain that is connected just now. Throws without one. */
  ask(): NetworkFeed['ask'];
  /** Who said on the command line that no first start is guarded; `null`: nobody. */
  readonly skip: string | null;
  now(): Millis;
}

/** What the parts of one guard share. `standing`: what stands until a person acts. */
export interface Post {
  readonly on: Guarding;
  readonly book: GuardBook;
  lookout: Lookout | null;
  standing: { readonly state: 'refused' | 'alarm'; readonly reason: string } | null;
  isWaiting: boolean;
  ring(): void;
}
