import type { Sighting } from '../../chain/source.ts';
import type { GuardStatus } from '../../core/instance-status.ts';
import { sentenceOf } from '../../errors.ts';
import { createSignal } from '../instance/cell.ts';
import { openGuardBook } from './book.ts';
import { createLookout, type Lookout } from './lookout.ts';
import { heed, mayStart, remember } from './may-start.ts';
import type { Guarding, Post } from './post.ts';
import { raise } from './raise.ts';
import { watchingWords } from './words.ts';

/**
 * Notices a copy of the client on another machine by what its account signs. Before the first start on a machine it keeps the client down until
 * the account was quiet for a while; later it only raises an alarm. A copy that signs nothing is not seen.
 */
export interface CopyGuard {
  /** A finalised block of the client's chain was read. */
  seen(sighting: Sighting): void;
  /** No child is there: proved by its locks. */
  down(): void;
  /** The child is up. */
  up(): void;
  /** Resolves when nothing speaks against a start on this machine. To be called with the child's locks held. Rejects with the signal's reason. */
  passed(signal: AbortSignal): Promise<void>;
  /**
   * A person wants the client started. `skip`: who says so whatever its account signs; `null`: what was refused is watched anew.
   * @throws VisorError where that could not be recorded
   */
  wanted(skip: string | null): Promise<void>;
  /** The file may name another account or another time. */
  revised(): void;
  status(): GuardStatus | null;
}

export function createCopyGuard(on: Guarding): CopyGuard {
  const bell = createSignal(0);
  const book = openGuardBook(on.folder, on.log, on.now);
  const ring = () => bell.set(bell.get() + 1);
  const post: Post = { on, book, lookout: null, standing: null, isWaiting: false, ring };
  let account = on.config().account?.id;
  let looking: Promise<void> = Promise.resolve();
  let isUp = false;
  const down = () => {
    isUp = false;
    post.lookout ??= createLookout(on.ask);
  };

  return {
    down,
    up() {
      isUp = true;
      post.lookout = null;
      if (post.standing?.state === 'refused') post.standing = null;
      void remember(post);
    },
    seen(sighting) {
      const by = post.lookout;
      if (by === null) return;
      const again = (error: unknown) =>
        on.log.debug({ reason: sentenceOf(error) }, 'the account could not be looked at in this block');
      looking = looking.then(() => look(sighting, by, post)).catch(again);
    },
    async passed(signal) {
      down();
      // whoever starts it after an alarm wants to know whether it is over
      if (post.lookout?.rose()) post.lookout = createLookout(on.ask);
      try {
        while (!(await mayStart(post))) {
          signal.throwIfAborted();
          post.isWaiting = true;
          on.blocked(waitingWords(post));
          await bell.changed(signal);
          signal.throwIfAborted();
        }
      } finally {
        post.isWaiting = false;
      }
    },
    async wanted(skip) {
      await heed(skip, post);
      ring();
    },
    revised() {
      const next = on.config().account?.id;
      if (next !== account) {
        post.standing = null;
        if (post.lookout !== null) post.lookout = createLookout(on.ask);
      }
      account = next;
      if (isUp) void remember(post);
      ring();
    },
    status: () => statusOf(post),
  };
}

async function look(sighting: Sighting, by: Lookout, post: Post): Promise<void> {
  const had = by.rose();
  await by.look(sighting);
  const rose = by.rose();
  if (by !== post.lookout) return;
  if (rose !== null && had === null) await raise(rose, by, post);
  post.ring();
}

function waitingWords({ on, standing, lookout }: Post): string {
  const { account, guard } = on.config();
  if (standing?.state === 'refused') return standing.reason;
  return watchingWords(account?.address ?? '', lookout?.until(guard.watch) ?? null, lookout?.exists() ?? true);
}

function statusOf(post: Post): GuardStatus | null {
  const { on, standing, isWaiting, lookout } = post;
  const { account, guard } = on.config();
  if (account === null || (standing === null && !isWaiting)) return null;
  if (standing !== null) return { account: account.address, ...standing, until: null };
  const until = lookout?.until(guard.watch) ?? null;
  return { account: account.address, state: 'watching', until, reason: waitingWords(post) };
}
