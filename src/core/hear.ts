import { atRest } from './born.ts';
import type { Announced, Answer, InstanceEvent } from './events.ts';
import type { Bar, ChainView, Instance, Pin, Serving } from './instance.ts';
import { isUp, occupant, serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';
import { isApproved, isBarred, wish, withSettings } from './questions.ts';
import type { Checksum, Millis, Release } from './release.ts';
import { cutTimes, strikeOut } from './times.ts';
import { serves } from './unfit.ts';

const MOST_APPROVALS = 32;

/** A program that is needed and was forgotten is asked again when it is fetched. */
const MOST_ANSWERS = 256;

/** What an event says whatever the slot is: levels of the chain, of the file and of a person; and the time. */
export function hear(i: Instance, event: InstanceEvent, policy: Policy, { now }: Moment): Instance {
  switch (event.type) {
    case 'booted':
      return { ...cutTimes(i, policy, now), volatile: atRest };
    case 'announced':
      return announced(i, event, policy, now);
    case 'configured':
      return { ...i, config: { settings: event.settings, initial: event.initial } };
    case 'held':
      return { ...i, said: { ...i.said, held: { since: now, until: event.until } } };
    case 'resumed':
      return { ...i, said: { ...i.said, held: null } };
    case 'stopped':
      return { ...i, said: { ...i.said, stopped: true } };
    case 'pinned': {
      const { release, forever } = event;
      const pinned = { release, over: i.chain.named?.checksum ?? null, forever };
      return { ...forgive(i, release.checksum), said: { ...i.said, pinned } };
    }
    case 'unpinned':
      return { ...i, said: { ...i.said, pinned: null } };
    case 'forgiven':
      return forgive(i, event.checksum);
    case 'approved':
      return { ...i, said: { ...i.said, approved: approvals(i, event.checksum) } };
    case 'disapproved': {
      const approved = i.said.approved.filter((checksum) => checksum !== event.checksum);
      return { ...i, said: { ...i.said, approved } };
    }
    case 'woke':
      return strikeOut(i, now);
    case 'fetched':
    case 'prefetched':
      return event.answer === undefined ? i : answered(i, event.answer);
    case 'started':
    case 'restarted':
    case 'rejected':
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
    case 'dataRestored':
      return i;
  }
}

function announced(i: Instance, event: Announced, policy: Policy, now: Millis): Instance {
  const { chain } = i;
  const specVersion = event.specVersion ?? chain.specVersion;
  const isNewRuntime = specVersion !== chain.specVersion;
  const wasKnown = chain.specVersion !== null;
  const said: ChainView = {
    named: event.current,
    pending: event.pending,
    upgradeAhead: event.upgradeAhead,
    specVersion,
    block: chain.block,
    urgent: urgent(i, event.current, isNewRuntime && wasKnown, policy),
  };
  const pinned = stillPinned(i.said.pinned, event.current);
  if (JSON.stringify(said) === JSON.stringify(chain) && pinned === i.said.pinned) return i;
  const heard = { ...i, chain: { ...said, block: event.block }, said: { ...i.said, pinned } };
  if (!isNewRuntime) return heard;
  const judged = underNewRuntime(heard, wasKnown, now);
  return wasKnown && policy.restartOnSpecVersion && serving(i) !== null && !isRelieved(judged, policy)
    ? anotherTurn(judged)
    : judged;
}

/** It counts from now on, whatever becomes of the deployment for which it was asked. Of so many programs the newest. */
function answered(i: Instance, { checksum, ...answer }: Answer): Instance {
  if (JSON.stringify(i.answers[checksum]) === JSON.stringify(answer)) return i;
  const { [checksum]: _, ...others } = i.answers;
  const answers = [...Object.entries(others).slice(1 - MOST_ANSWERS), [checksum, answer] as const];
  return { ...i, answers: Object.fromEntries(answers) };
}

/** What came into force together with the runtime that it was pending for; it stays so while it is named. */
function urgent(i: Instance, named: Release | null, isUpgrade: boolean, policy: Policy): Checksum | null {
  if (named === null) return null;
  const { chain } = i;
  const waited = [chain.pending, ...(chain.named && !serves(i, chain.named, policy) ? [chain.named] : [])];
  const cameWithIt = isUpgrade && waited.some((release) => release?.checksum === named.checksum);
  return cameWithIt || named.checksum === chain.urgent ? named.checksum : null;
}

/** What came with the runtime takes the slot at once: a client that is about to leave is not started again for its last moments. */
function isRelieved(i: Instance, policy: Policy): boolean {
  const { named, urgent } = i.chain;
  if (named === null || named.checksum !== urgent || occupant(i.slot)?.release.checksum === urgent) return false;
  const isWished = i.said.held === null && wish(i, policy)?.checksum === urgent;
  return isWished && (!policy.approval || isApproved(i, urgent)) && withSettings(i, named).some((d) => !isBarred(i, d));
}

/** The same deployment is started again: some clients hold on to what the former runtime said of itself. */
const anotherTurn = (i: Instance): Instance => ({
  ...i,
  volatile: { ...i.volatile, rest: null, turn: i.volatile.turn + 1 },
});

/** A pin ends when the chain names another release than it named when the pin was made. */
function stillPinned(pin: Pin | null, named: Release | null): Pin | null {
  if (pin === null || pin.forever || named === null) return pin;
  if (pin.over === null) return { ...pin, over: named.checksum };
  return pin.over === named.checksum ? pin : null;
}

/** No verdict is known any more; and, unless we only now learn which runtime it is, no failure counts. */
function underNewRuntime(i: Instance, wasKnown: boolean, now: Millis): Instance {
  const slot = (i.slot.at === 'running' || i.slot.at === 'probation') && isUp(i.slot) ? again(i.slot, now) : i.slot;
  return { ...i, slot, bars: wasKnown ? i.bars.filter((bar) => bar.by === 'person') : i.bars };
}

/** The same, to be judged anew: on probation its deadline begins again. */
export function again(slot: Serving, now: Millis): Serving {
  const fresh = { verdict: 'unknown', reason: null, exits: 0 } as const;
  return slot.at === 'running' ? { ...slot, ...fresh } : { ...slot, ...fresh, since: now };
}

/** The newest: a person approves for years. Said again it is no news. */
function approvals({ said }: Instance, checksum: Checksum): readonly Checksum[] {
  return said.approved.includes(checksum) ? said.approved : [...said.approved, checksum].slice(-MOST_APPROVALS);
}

function forgive(i: Instance, checksum: Checksum | null): Instance {
  const isOf = (bar: Bar) =>
    checksum === null || (bar.by === 'failure' ? bar.of.release.checksum : bar.checksum) === checksum;
  return { ...i, bars: i.bars.filter((bar) => !isOf(bar)) };
}
