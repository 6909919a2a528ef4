import type { Millis } from '../core/release.ts';
import { cadenceOf } from './cadence.ts';
import { follow, followDown, type Watching } from './follow.ts';
import type { Judgement } from './level.ts';
import type { Level, Living, Probe, Subject } from './probe.ts';

export type { Level, Subject } from './probe.ts';

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
  /** What stands before the words of a command: changes the user to the client's own. */
  readonly as?: readonly string[];
  /** Is told how the probes fail, whenever these words change; none: all pass, or no child is up. */
  readonly failing?: (whys: readonly string[]) => void;
  /** A monotonic clock in milliseconds; default `performance.now()`. */
  readonly now?: () => number;
}

/**
 * Watches the child of an instance and ends when its level is another than it was told. Nothing that the child, a server or a
 * command does makes it reject: only `signal` does, with its reason.
 */
export async function watch(options: WatchOptions, subject: Subject, signal: AbortSignal): Promise<Judgement> {
  const watching = begin(options);
  for (;;) {
    signal.throwIfAborted();
    const judgement = await watchOne(watching, subject, signal);
    if (judgement !== null) return judgement;
  }
}

function begin(options: WatchOptions): Watching {
  const { now = () => performance.now(), every = cadenceOf(options) } = options;
  const { told, onProbation, minHealthyTime, failFor, probes, cwd, env, as = [] } = options;
  const begunAt = now();
  return {
    terms: { told, onProbation, minHealthyTime, failFor, begunAt, deadlineAt: begunAt + options.deadline },
    probes,
    place: { cwd, env, as, now },
    every,
    allowance: options.allowance ?? 0,
    failing: probes.map(() => null),
    tell: onChange(options.failing ?? (() => {})),
  };
}

/** Watches one start of the child, or that it is down; `null` when it is another now. Leaves nothing running. */
async function watchOne(watching: Watching, subject: Subject, signal: AbortSignal): Promise<Judgement | null> {
  const end = new AbortController();
  const passOn = () => end.abort(signal.reason);
  signal.addEventListener('abort', passOn, { once: true });
  const living = subject.child();
  const replaced = subject.changed(end.signal).then(() => null);
  const following = living === null ? followDown(watching, end.signal) : follow(watching, living, end.signal);
  try {
    const judgement = await Promise.race([following, replaced]);
    return isSame(subject.child(), living) ? judgement : null;
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', passOn);
    end.abort();
    await Promise.allSettled([following]);
  }
}

/** A subject may answer with a fresh object each time. */
function isSame(one: Living | null, other: Living | null): boolean {
  return one?.pid === other?.pid && one?.startedAt === other?.startedAt;
}

function onChange(tell: (whys: readonly string[]) => void): (whys: readonly string[]) => void {
  let last = '';
  return (whys) => {
    const words = whys.join('\n');
    if (words === last) return;
    last = words;
    tell(whys);
  };
}
