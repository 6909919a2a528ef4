/** Values to begin from, and a word to tell them events: releases and settings are the symbols of the walk. */

import { born } from '../../src/core/born.ts';
import { deploymentOf } from '../../src/core/deployment.ts';
import type { Announced, InstanceEvent } from '../../src/core/events.ts';
import type { Instance, Probation, Running } from '../../src/core/instance.ts';
import type { Policy } from '../../src/core/policy.ts';
import { keyOf, type Task, tasks } from '../../src/core/tasks.ts';
import { transition } from '../../src/core/transition.ts';
import { checksumOf, type Label, label, type Name, release, releaseOrNull, settingsOf } from './walk/names.ts';
import { unasked } from './walk/scenario.ts';

export const now = 1_000_000;

/** Figures in milliseconds that are easy to tell apart. */
export const policy: Policy = {
  exits: 3,
  boots: 3,
  retry: { after: 1_000, max: 24_000, attempts: 3 },
  download: { after: 10, max: 6_000 },
  restart: { after: 1, max: 300, stableAfter: 600 },
  rollbackWindow: 20_000,
  liveness: { failFor: 100, restarts: 2, per: 3_000 },
  keep: 1,
  allowDowngrade: true,
  isDowngrade: () => false,
  ...unasked,
};

export const of = (l: Label) => deploymentOf(release(checksumOf(l)), settingsOf(Number(l[1])));
export const id = (l: Label) => of(l).id;

export const running = (l: Label, more: Partial<Running> = {}): Running => ({
  at: 'running',
  deployment: of(l),
  verdict: 'healthy',
  reason: null,
  exits: 0,
  youngUntil: null,
  ...more,
});

export const probation = (l: Label, more: Partial<Probation> = {}): Probation => ({
  at: 'probation',
  deployment: of(l),
  verdict: 'unknown',
  reason: null,
  exits: 0,
  boots: 0,
  since: now,
  ...more,
});

const nobody = born(settingsOf(1), null);

export const instance = (more: Partial<Instance> = {}): Instance => ({
  ...nobody,
  chain: { ...nobody.chain, specVersion: 1 },
  ...more,
});

export const naming = (name: Name | null, more: Partial<Instance['chain']> = {}): Instance['chain'] => ({
  ...nobody.chain,
  specVersion: 1,
  named: releaseOrNull(name),
  ...more,
});

export const announced = (name: Name | null, more: Partial<Announced> = {}): Announced => ({
  type: 'announced',
  current: releaseOrNull(name),
  pending: null,
  upgradeAhead: false,
  specVersion: 1,
  block: 7,
  ready: [],
  ...more,
});

/** The value after these events, one after the other, at one time; the jitter is half. */
export const told = (
  i: Instance,
  events: readonly InstanceEvent[],
  at = now,
  patience: Partial<Policy> = {},
): Instance =>
  events.reduce((value, event) => transition(value, event, { ...policy, ...patience }, { now: at, chance: 0.5 }), i);

export const wanted = (i: Instance, patience: Partial<Policy> = {}): readonly Task[] =>
  tasks(i, { ...policy, ...patience });

/** What is wanted, in words: `run A1`, `sleep 5`. */
export const doing = (i: Instance, patience: Partial<Policy> = {}): readonly string[] =>
  wanted(i, patience).map((task) => ('of' in task ? `${task.do} ${label(task.of)}` : keyOf(task)));

export const slotOf = ({ slot }: Instance): string =>
  slot.at === 'running' || slot.at === 'probation' ? `${slot.at} ${label(slot.deployment)} ${slot.verdict}` : slot.at;

export const nextOf = ({ next }: Instance): string | null => next && `${next.at} ${label(next.deployment)}`;
