import type { Millis } from '../core/release.ts';
import { toleranceOf } from './cadence.ts';
import { advance, type Failing, isGap } from './fail-clock.ts';
import { createRises } from './kinds/rises.ts';
import { type Finding, type Judgement, judge, type Terms, whysOf } from './level.ts';
import { nap, pauseAfter } from './pause.ts';
import type { Living, Outcome, Probe } from './probe.ts';
import { askAll, type Life, longestRound, type Place } from './round.ts';

/** A watch in progress; `failing` is what it carries from one start of the child to the next. */
export interface Watching {
  readonly terms: Terms;
  readonly probes: readonly Probe[];
  readonly place: Place;
  readonly every: Millis;
  readonly allowance: Millis;
  failing: readonly Failing[];
  readonly tell: (whys: readonly string[]) => void;
}

/** What one round heard, and how long it took. */
interface Heard {
  readonly begunAt: number;
  readonly took: Millis;
  readonly outcomes: readonly Outcome[];
}

/** Follows one start of the child, round by round, until there is a judgement. Rejects when `signal` aborts. */
export async function follow(watching: Watching, living: Living, signal: AbortSignal): Promise<Judgement> {
  const { terms, place, every, tell } = watching;
  const life = beginLife(watching.probes, living);
  for (let slept: Millis | null = null; ; ) {
    const heard = await askAwake(watching, life, signal);
    const findings = note(watching, life, heard, slept === null ? 0 : slept + heard.took);
    tell(whysOf(findings));
    const judgement = judge(
      terms,
      { startedAt: living.startedAt, round: { begunAt: heard.begunAt, findings } },
      place.now(),
    );
    if (judgement !== null) return judgement;
    const next = watching.probes.length === 0 ? null : every;
    const pause = pauseAfter(terms, living.startedAt, next, heard.begunAt, place.now());
    const took = await nap(pause, place.now, signal);
    slept = isGap(took, pause, toleranceOf(every)) ? 0 : took;
  }
}

/** No child is up: only the deadline can end this. */
export async function followDown({ terms, place, tell }: Watching, signal: AbortSignal): Promise<Judgement> {
  tell([]);
  for (;;) {
    const seenAt = place.now();
    const judgement = judge(terms, null, seenAt);
    if (judgement !== null) return judgement;
    await nap(pauseAfter(terms, null, null, seenAt, place.now()), place.now, signal);
  }
}

interface Known extends Life {
  /** The probes that passed at least once in this life, by their place in the list. */
  readonly shown: Set<number>;
}

function beginLife(probes: readonly Probe[], living: Living): Known {
  const counted = probes.flatMap((probe) => (probe.kind === 'metric' ? [probe] : []));
  const rises = new Map(counted.map((probe) => [probe, createRises(probe.within ?? Infinity)] as const));
  return { living, rises, shown: new Set() };
}

/** A round in which we slept says nothing (its time limits ran out meanwhile): asked once more, for the last time. */
async function askAwake({ probes, place, every }: Watching, life: Life, signal: AbortSignal): Promise<Heard> {
  const ask = async () => {
    const begunAt = place.now();
    const outcomes = await askAll(probes, life, place, signal);
    return { begunAt, outcomes, took: place.now() - begunAt };
  };
  const heard = await ask();
  return isGap(heard.took, longestRound(probes), toleranceOf(every)) ? await ask() : heard;
}

function note(watching: Watching, life: Known, { begunAt, outcomes }: Heard, elapsed: Millis): readonly Finding[] {
  const isOld = begunAt - life.living.startedAt >= watching.allowance;
  const findings = outcomes.map((outcome, index) => {
    if (outcome.is === 'passed') life.shown.add(index);
    const former = watching.failing[index] ?? null;
    const counts = isOld || life.shown.has(index);
    return { outcome, failing: counts ? advance(former, outcome, elapsed) : former };
  });
  watching.failing = findings.map(({ failing }) => failing);
  return findings;
}
