import { setTimeout } from 'node:timers/promises';
import type { Millis } from '../core/release.ts';
import { cadenceOf, toleranceOf } from './cadence.ts';
import { advance, type Failing, witnessed } from './fail-clock.ts';
import { createRises } from './kinds/rises.ts';
import { type Finding, type Judgement, judge, provenAt, type Round, type Terms, whysOf } from './level.ts';
import type { Level, Living, Outcome, Probe, Subject } from './probe.ts';
import { askAll, type Life, longestRound, type Place } from './round.ts';

export interface WatchOptions {
  readonly told: Level;
  readonly onProbation: boolean;
  readonly minHealthyTime: Millis;
  /** What is left until the deadline, which counts from the first start; heard only where `told` is `unknown`. */
  readonly deadline: Millis;
  readonly failFor: Millis;
  readonly probes: readonly Probe[];
  /** Liveness: so long a new start may take until its first pass before a failing probe counts. Default: not at all. */
  readonly allowance?: Millis;
  /** Between two rounds of probes; default: a small part of the smallest time above, 20 ms to 10 s. */
  readonly every?: Millis;
  /** Where commands run, and all of their environment. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Is told how the probes fail, whenever these words change; none: all pass, or no child is up. */
  readonly failing?: (whys: readonly string[]) => void;
  /** A monotonic clock in milliseconds; default `performance.now()`. */
  readonly now?: () => number;
}
