import type { Announced, InstanceEvent } from './events.ts';
import { atRest, type Bar, type Instance, isUp, type Next, type Pin, type Serving, type Slot } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import type { Checksum, Millis, Release } from './release.ts';

/** What an event says whatever the slot is: levels of the chain, of the file and of a person; and the time. */
export function hear(i: Instance, event: InstanceEvent, policy: Policy, { now }: Moment): Instance {
  switch (event.type) {
    case 'booted':
      return { ...cutTimes(i, policy, now), volatile: atRest };
    case 'announced':
      return announced(i, event);
    case 'configured':
      return { ...i, config: { settings: event.settings, initial: event.initial } };
    case 'held':
      return { ...i, said: { ...i.said, held: { since: now, until: event.until } } };
    case 'resumed':
      return { ...i, said: { ...i.said, held: null } };
    case 'stopped':
      return { ...i, said: { ...i.said, stopped: true } };
    case 'started':
      return { ...i, said: { ...i.said, stopped: false } };
    case 'pinned':
      return { ...forgive(i, event.pin.release.checksum), said: { ...i.said, pinned: event.pin } };
    case 'unpinned':
      return { ...i, said: { ...i.said, pinned: null } };
    case 'forgiven':
      return forgive(i, event.checksum);
    case 'woke':
      return strikeOut(i, now);
    case 'restarted':
    case 'rejected':
    case 'fetched':
    case 'prefetched':
    case 'fetchFailed':
    case 'cleared':
    case 'healthy':
    case 'unhealthy':
    case 'exited':
    case 'spoiled':
    case 'migrated':
    case 'migrationFailed':
    case 'restored':
    case 'restoreFailed':
      return i;
  }
}

function announced(i: Instance, event: Announced): Instance {
  const { current: named, pending, upgradeAhead, block } = event;
  const specVersion = event.specVersion ?? i.chain.specVersion;
  const isNewRuntime = specVersion !== i.chain.specVersion;
  const wasKnown = i.chain.specVersion !== null;
  const cameWithIt = isNewRuntime && wasKnown && named !== null && named.checksum === i.chain.pending?.checksum;
  const urgent = cameWithIt ? named.checksum : i.chain.urgent === named?.checksum ? i.chain.urgent : null;
  const heard = {
    ...i,
    chain: { named, pending, upgradeAhead, specVersion, block, urgent },
    said: { ...i.said, pinned: stillPinned(i.said.pinned, named) },
  };
  return isNewRuntime ? underNewRuntime(heard, wasKnown) : heard;
}

/** A pin ends when the chain names another release than it named when the pin was made. */
function stillPinned(pin: Pin | null, named: Release | null): Pin | null {
  if (pin === null || pin.forever || named === null) return pin;
  if (pin.over === null) return { ...pin, over: named.checksum };
  return pin.over === named.checksum ? pin : null;
}

/** No verdict is known any more; and, unless we only now learn which runtime it is, no failure counts. */
function underNewRuntime(i: Instance, wasKnown: boolean): Instance {
  const slot = (i.slot.at === 'running' || i.slot.at === 'probation') && isUp(i.slot) ? again(i.slot) : i.slot;
  return { ...i, slot, bars: wasKnown ? i.bars.filter((bar) => bar.by === 'person') : i.bars };
}

/** The same, to be judged anew. */
export const again = (slot: Serving): Serving => ({ ...slot, verdict: 'unknown', reason: null, exits: 0 });

function forgive(i: Instance, checksum: Checksum | null): Instance {
  const isOf = (bar: Bar) =>
    checksum === null || (bar.by === 'failure' ? bar.of.release.checksum : bar.checksum) === checksum;
  return { ...i, bars: i.bars.filter((bar) => !isOf(bar)) };
}

/** Times that have come are struck out, so that `tasks` needs no clock. */
function strikeOut(i: Instance, now: Millis): Instance {
  const left = (time: Millis | null) => (time !== null && time <= now ? null : time);
  const bars = i.bars.map(
    (bar): Bar =>
      bar.by === 'failure' && 'until' in bar.wait && bar.wait.until <= now ? { ...bar, wait: { for: 'nothing' } } : bar,
  );
  const held = i.said.held?.until != null && i.said.held.until <= now ? null : i.said.held;
  const { rest, livenAt } = i.volatile;
  const times = mapTimes(i.slot, i.next, left);
  return {
    ...i,
    ...times,
    bars,
    said: { ...i.said, held },
    volatile: { ...i.volatile, rest: left(rest), livenAt: left(livenAt) },
  };
}

/** A time read from disk is cut to now + its own longest: a clock that once jumped a year must not make us sleep a year. */
function cutTimes(i: Instance, policy: Policy, now: Millis): Instance {
  const longest = Math.max(policy.retry.max, policy.download.max, policy.rollbackWindow);
  const cut = (time: Millis | null, most = longest) => (time === null ? null : Math.min(time, now + most));
  const times = mapTimes(i.slot, i.next, cut);
  const slot = times.slot.at === 'probation' ? { ...times.slot, since: Math.min(times.slot.since, now) } : times.slot;
  const bars = i.bars.map(
    (bar): Bar =>
      bar.by === 'failure' && 'until' in bar.wait
        ? { ...bar, wait: { ...bar.wait, until: Math.min(bar.wait.until, now + policy.retry.max) } }
        : bar,
  );
  const held = i.said.held && {
    since: Math.min(i.said.held.since, now),
    until: cut(i.said.held.until, (i.said.held.until ?? 0) - i.said.held.since),
  };
  return { ...i, next: times.next, slot, bars, said: { ...i.said, held } };
}

function mapTimes(
  slot: Slot,
  next: Next | null,
  map: (time: Millis | null) => Millis | null,
): { slot: Slot; next: Next | null } {
  const inSlot: Slot =
    slot.at === 'running'
      ? { ...slot, youngUntil: map(slot.youngUntil) }
      : slot.at === 'reverting'
        ? { ...slot, retryAt: map(slot.retryAt) }
        : slot;
  return { slot: inSlot, next: next?.at === 'fetching' ? { ...next, retryAt: map(next.retryAt) } : next };
}
