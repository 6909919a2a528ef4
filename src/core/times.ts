/** The points in time that a value waits for. */
import type { Bar, Hold, Instance } from './instance.ts';
import type { Policy } from './policy.ts';
import type { Millis } from './release.ts';

type Change = (time: Millis) => Millis | null;

/** What becomes of each kind of time. */
interface Changes {
  readonly young: Change;
  readonly fetch: Change;
  readonly restore: Change;
  readonly bar: Change;
  readonly hold: (hold: Hold) => Hold | null;
}

/** Times that have come are struck out, so that `tasks` needs no clock. `livenAt` is for liveness to strike out. */
export function strikeOut(i: Instance, now: Millis): Instance {
  const left: Change = (time) => (time <= now ? null : time);
  const hold = (held: Hold) => (held.until !== null && held.until <= now ? null : held);
  const { rest } = i.volatile;
  const volatile = rest === null || rest > now ? i.volatile : { ...i.volatile, rest: null };
  return { ...changed(i, { young: left, fetch: left, restore: left, bar: left, hold }), volatile };
}

/** The same value as it stands on another clock, which is ahead by so much: for people, who go by the wall's. */
export function shifted(i: Instance, ahead: Millis): Instance {
  const by: Change = (time) => time + ahead;
  const hold = ({ since, until }: Hold) => ({ since: since + ahead, until: until === null ? null : until + ahead });
  return changed(i, { young: by, fetch: by, restore: by, bar: by, hold });
}

/** A time read from disk is cut to now + its own longest: a clock that once jumped a year must not make us sleep a year. */
export function cutTimes(i: Instance, policy: Policy, now: Millis): Instance {
  const within =
    (longest: Millis): Change =>
    (time) =>
      Math.min(time, now + longest);
  return changed(i, {
    young: within(policy.rollbackWindow),
    fetch: within(policy.download.max),
    restore: within(policy.restart.max),
    bar: within(policy.retry.max),
    hold: ({ since, until }) => ({
      since: Math.min(since, now),
      until: until === null ? null : Math.min(until, now + Math.max(0, until - since)),
    }),
  });
}

function changed(i: Instance, changes: Changes): Instance {
  const { held } = i.said;
  return {
    ...i,
    slot: slotOf(i.slot, changes),
    next: nextOf(i.next, changes),
    bars: i.bars.map((bar) => barOf(bar, changes)),
    said: held === null ? i.said : { ...i.said, held: changes.hold(held) },
  };
}

function slotOf(slot: Instance['slot'], { young, restore }: Changes): Instance['slot'] {
  switch (slot.at) {
    case 'running':
      return slot.youngUntil === null ? slot : { ...slot, youngUntil: young(slot.youngUntil) };
    case 'reverting':
      return slot.retryAt === null ? slot : { ...slot, retryAt: restore(slot.retryAt) };
    case 'empty':
    case 'probation':
    case 'switching':
      return slot;
  }
}

function nextOf(next: Instance['next'], { fetch }: Changes): Instance['next'] {
  return next?.at === 'fetching' && next.retryAt !== null ? { ...next, retryAt: fetch(next.retryAt) } : next;
}

/** A bar whose time has come is due; it is kept for its count. */
function barOf(bar: Bar, changes: Changes): Bar {
  if (bar.by === 'person' || !('until' in bar.wait)) return bar;
  const until = changes.bar(bar.wait.until);
  return { ...bar, wait: until === null ? { for: 'nothing' } : { ...bar.wait, until } };
}
