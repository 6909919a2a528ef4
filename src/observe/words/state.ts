import type { InstanceStatus } from '../../core/instance-status.ts';
import { oneLine, releaseWords } from './pieces.ts';

/** `well`: nothing to do. `busy`: on its way, or as a person wants it. `ill`: look at it. */
export type Mood = 'well' | 'busy' | 'ill';

interface State {
  readonly mood: Mood;
  readonly words: string;
  /** Why it is so, in words; where there is something to say. */
  readonly why?: string;
}

/** Where an instance is, and why, on one line. */
export function stateWords(i: InstanceStatus, isLookedAfter: boolean): string {
  const { words, why } = stateOf(i, isLookedAfter);
  return why === undefined ? words : `${words}: ${why}`;
}

/** Where an instance is, in a few words: the first thing that is read at three in the morning. */
export function stateOf(i: InstanceStatus, isLookedAfter: boolean): State {
  if (!isLookedAfter) return aloneState(i);
  if (i.child === null && i.guard?.state === 'watching')
    return { mood: 'busy', words: 'not started yet: its account is being watched' };
  if (i.child === null && i.blocked !== null) return { mood: 'ill', words: 'down, and cannot be started' };
  if (i.stopped)
    return { mood: 'busy', words: i.child === null ? 'stopped by a person' : 'stopping, as a person asked' };
  switch (i.phase) {
    case 'empty':
      return emptyState(i);
    case 'running':
      return runningState(i);
    case 'probation':
      return trialState(i);
    case 'switching':
      return { mood: 'busy', words: 'switching: its data are being moved' };
    case 'reverting':
      return { mood: 'ill', words: 'going back: its data are being restored' };
  }
}

/** What the daemon last said of its health is old by now. */
function aloneState({ child, phase, blocked }: InstanceStatus): State {
  if (child !== null) return { mood: 'ill', words: 'its child runs on, and nobody looks after it' };
  if (blocked !== null) return { mood: 'ill', words: 'down, and its state cannot be read' };
  return { mood: 'ill', words: phase === 'empty' ? 'nothing runs yet' : 'down' };
}

function emptyState({ trouble, next }: InstanceStatus): State {
  if (trouble !== null) return { mood: 'ill', words: 'nothing runs yet' };
  return { mood: 'busy', words: next === null ? 'waiting for a first release' : 'getting its first release' };
}

function runningState(i: InstanceStatus): State {
  const mood = i.ok ? 'well' : 'ill';
  switch (i.verdict) {
    case 'down':
      return { mood: 'ill', words: 'down', why: whyOf(i) };
    case 'gone':
      return { mood: 'ill', words: 'down: its program was lost and is being fetched again' };
    case 'unhealthy':
      return { mood: 'ill', words: 'unhealthy', why: whyOf(i) };
    case 'healthy':
      return i.child === null
        ? { mood: 'ill', words: 'down, to be started again' }
        : { mood, words: `running, healthy${butOf(i)}` };
    case 'unknown':
    case null:
      return i.child === null
        ? { mood: 'ill', words: 'down, to be started' }
        : { mood, words: 'running, not yet judged' };
  }
}

/** It serves well, and is marked all the same: why. */
function butOf({ ok, trouble, guard, quarantined }: InstanceStatus): string {
  if (ok) return '';
  if (trouble !== null) return ', but its source is in trouble';
  if (guard !== null) return ', but its account is used elsewhere';
  return quarantined.length > 0 ? ', but what is named is kept out' : '';
}

function trialState(i: InstanceStatus): State {
  const what = i.next === null ? 'a release' : releaseWords(i.next);
  const bad = i.verdict === 'unhealthy' || i.verdict === 'down' || i.verdict === 'gone';
  if (bad) return { mood: 'ill', words: `${what} fails, and there is no way back`, why: whyOf(i) };
  return { mood: 'busy', words: `trying ${what}` };
}

const whyOf = ({ reason }: InstanceStatus): string => oneLine(reason ?? 'no reason was told');
