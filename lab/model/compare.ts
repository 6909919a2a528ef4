import { setTimeout as sleep } from 'node:timers/promises';
import { done } from './acts.ts';
import type { Answer, RealClient, Sight } from './client.ts';
import { fate, type Model } from './model.ts';
import { expected, expectedAtRest } from './seen.ts';
import { steps } from './steps.ts';
import type { Word } from './words.ts';

/** What the model holds for possible. Commands in quick succession meet the product at any place on its way, so it may be several. */
export interface Possible {
  states: readonly Model[];
  /** What it was before a child was killed: it may be seen so until its daemon has the news. */
  formerly: readonly Model[];
  /** Whether the last comparison was made at rest. */
  isAtRest: boolean;
  /** How often the two were compared: at rest, and at any time. */
  rests: number;
  sights: number;
}

/** Milliseconds until what does not come to rest is a difference; no time is measured. */
const LIMIT = 120_000;

/** Everything that these may become by themselves, they included. */
export function reachable(states: readonly Model[]): readonly Model[] {
  const found = new Map(states.map((state) => [JSON.stringify(state), state]));
  for (const state of found.values())
    for (const after of steps(state)) if (!found.has(JSON.stringify(after))) found.set(JSON.stringify(after), after);
  return [...found.values()];
}

/** @throws Error where the product's answer is none that the model knows */
export function heard(possible: Possible, word: Word, answer: Answer, isWaitedFor: boolean): void {
  const isSure = isWaitedFor && possible.isAtRest;
  const after = possible.states.flatMap((state) => outcomes(state, word, answer, isSure));
  if (after.length === 0)
    throw new Error(`${word.do} was ${answer}; expected: ${answer === 'done' ? 'refused' : 'done'}`);
  possible.formerly = word.do === 'kill child' && answer === 'done' ? possible.states : [];
  possible.states = reachable(after);
}

function outcomes(state: Model, word: Word, answer: Answer, isSure: boolean): readonly Model[] {
  if (answer === 'no space') return [state];
  const after = done(state, word);
  if (word.do !== 'kill child')
    return answer === 'refused' ? (after === null ? [state] : []) : after === null ? [] : [after];
  // whether it was this process, and whether the daemon hears of its exit before the next word, is sure only from rest to rest
  const isCounted = isSure && state.slot !== null && fate(state.slot.of, state) === 'serves';
  if (answer === 'refused') return [state];
  return after === null ? [] : isCounted ? [after] : [state, after];
}

/** Waits until it is where the model says that it ends. @throws Error with both sides where it goes or ends elsewhere */
export async function comesToRest(possible: Possible, real: RealClient): Promise<void> {
  const states = reachable(possible.states);
  const ends = states.filter((state) => steps(state).length === 0);
  const end = performance.now() + LIMIT;
  let [last, times]: [Sight | null, number] = [null, 0];
  while (performance.now() < end) {
    last = await real.look();
    possible.sights += 1;
    mayBe([...states, ...possible.formerly], last);
    const there = ends.filter((state) => isSeen(state, last) && isAtRest(state, last) && hasHeard(state, real));
    times = there.length > 0 ? times + 1 : 0;
    if (times === 2) {
      possible.states = there;
      possible.formerly = [];
      possible.isAtRest = true;
      possible.rests += 1;
      return;
    }
    if (times === 0) await sleep(20);
  }
  throw new Error(`it does not come to rest where it should: ${told(last)}; expected: ${listed(ends)}`);
}

/** @throws Error where it is somewhere that nothing leads to */
export async function isOnItsWay(possible: Possible, real: RealClient): Promise<void> {
  const sight = await real.look();
  possible.sights += 1;
  mayBe([...possible.states, ...possible.formerly], sight);
}

function mayBe(states: readonly Model[], sight: Sight): void {
  if (sight.seen === undefined || states.some((state) => isSeen(state, sight))) return;
  throw new Error(`it is where nothing leads: ${told(sight)}; expected: ${listed(states)}`);
}

const isSeen = (state: Model, sight: Sight | null): boolean =>
  JSON.stringify(expected(state)) === JSON.stringify(ordered(sight));

/** In the order of the model's own keys. */
function ordered(sight: Sight | null): unknown {
  if (!sight?.seen) return sight?.seen;
  const { phase, verdict, configured, current, previous, next, queued, pending, quarantined, said } = sight.seen;
  return { phase, verdict, configured, current, previous, next, queued, pending, quarantined, said };
}

function isAtRest(state: Model, sight: Sight | null): boolean {
  if (!state.there) return true;
  const rest = expectedAtRest(state);
  if (rest === null) return sight?.rest?.child == null || sight.rest.child.release === state.slot?.of.release;
  const { child } = rest;
  const is = sight?.rest?.child ?? null;
  const isSame = child === null ? is === null : is?.release === child.release && is.edit === child.edit;
  return isSame && sight?.rest?.ok === rest.ok;
}

const hasHeard = (state: Model, real: RealClient): boolean => {
  if (!state.there) return true;
  if (!real.isRead()) return false;
  const last = real.lastHeard();
  return last === undefined || (last.release === state.heard && last.spec === state.heardSpec);
};

const told = (sight: Sight | null): string =>
  sight === null ? 'nothing was seen' : `${JSON.stringify({ ...sight.seen, ...sight.rest })} (${sight.trouble})`;

/** The first of them; that there are more is told. */
function listed(states: readonly Model[]): string {
  const all = [...new Set(states.map(inWords))];
  return [...all.slice(0, 2), ...(all.length > 2 ? [`one of ${all.length - 2} others`] : [])].join(' or ');
}

const inWords = (state: Model): string => JSON.stringify({ ...expected(state), ...expectedAtRest(state) });
