import type { Millis } from '../core/release.ts';
import type { Failing } from './fail-clock.ts';
import type { Level, Outcome } from './probe.ts';
import { failedFor, overdue, proven } from './reasons.ts';

/** What was asked; points in time are those of `performance.now()`. */
export interface Terms {
  readonly told: Level;
  readonly onProbation: boolean;
  readonly minHealthyTime: Millis;
  readonly failFor: Millis;
  readonly begunAt: number;
  readonly deadlineAt: number;
}

/** What one probe found in the latest round, and for how long it has failed by now. */
export interface Finding {
  readonly outcome: Outcome;
  readonly failing: Failing;
}

export interface Round {
  readonly begunAt: number;
  readonly findings: readonly Finding[];
}

/** What was seen of the child: when it started, and the latest round since then. `null`: it is down. */
export type Sight = { readonly startedAt: number; readonly round: Round } | null;

export interface Judgement {
  readonly verdict: 'healthy' | 'unhealthy';
  /** One clause in words, without a full stop. */
  readonly reason: string;
}

/** The level that the child has reached, where it is another than it was told to have; else `null`. */
export function judge(terms: Terms, sight: Sight, now: number): Judgement | null {
  switch (terms.told) {
    case 'unknown':
      return judgeHealthy(terms, sight) ?? judgeExcess(terms, sight) ?? judgeOverdue(terms, sight, now);
    case 'healthy':
      return judgeLiveness(terms, sight);
    case 'unhealthy':
      return judgeHealthy(terms, sight);
  }
}

/** When a child of this start has been up for long enough. A new runtime asks a new proof: there it counts from the watch's begin. */
export function provenAt(terms: Terms, startedAt: number): number {
  return upSince(terms, startedAt) + terms.minHealthyTime;
}

function upSince(terms: Terms, startedAt: number): number {
  const asksAnew = terms.told === 'unknown' && !terms.onProbation;
  return asksAnew ? Math.max(startedAt, terms.begunAt) : startedAt;
}

function judgeHealthy(terms: Terms, sight: Sight): Judgement | null {
  if (sight === null || sight.round.begunAt < provenAt(terms, sight.startedAt)) return null;
  const { findings } = sight.round;
  if (!findings.every(({ outcome }) => outcome.is === 'passed')) return null;
  return { verdict: 'healthy', reason: proven(terms.minHealthyTime, findings.length) };
}

function judgeExcess(terms: Terms, sight: Sight): Judgement | null {
  if (sight === null || !terms.onProbation) return null;
  const reasons = sight.round.findings.flatMap(({ outcome }) => (outcome.is === 'exceeded' ? [outcome.why] : []));
  return reasons.length === 0 ? null : { verdict: 'unhealthy', reason: reasons.join('; ') };
}

/** Only after a round that began at the deadline or later: where both times are equal, the child still has its chance. */
function judgeOverdue(terms: Terms, sight: Sight, now: number): Judgement | null {
  if ((sight === null ? now : sight.round.begunAt) < terms.deadlineAt) return null;
  const failures = sight === null ? [] : whysOf(sight.round.findings);
  const up = sight === null ? null : sight.round.begunAt - upSince(terms, sight.startedAt);
  return { verdict: 'unhealthy', reason: overdue(failures, up, terms.minHealthyTime) };
}

function judgeLiveness(terms: Terms, sight: Sight): Judgement | null {
  if (sight === null) return null;
  const late = sight.round.findings.filter(({ failing }) => failing !== null && failing >= terms.failFor);
  return late.length === 0 ? null : { verdict: 'unhealthy', reason: failedFor(whysOf(late), terms.failFor) };
}

/** How the probes that do not pass fail, in the order of the args file. */
export function whysOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ outcome }) => (outcome.is === 'passed' ? [] : [outcome.why]));
}
