import type { Millis } from '../core/release.ts';
import type { Level, Probe } from './probe.ts';

const shortest = 20;
const longest = 10_000;
/** A limit is overrun by at most this fraction of itself. */
const fraction = 1 / 20;

interface Times {
  readonly told: Level;
  readonly minHealthyTime: Millis;
  readonly deadline: Millis;
  readonly failFor: Millis;
  readonly probes: readonly Probe[];
}

/** The time between two rounds of probes: a small part of the smallest time that is to be kept, 20 ms to 10 s. */
export function cadenceOf(times: Times): Millis {
  const smallest = Math.min(...limitsOf(times), ...times.probes.flatMap(windowOf));
  return Math.min(longest, Math.max(shortest, smallest * fraction));
}

/** How late a round may come before we take it that we slept. */
export function toleranceOf(every: Millis): Millis {
  return Math.max(100, every);
}

function limitsOf({ told, minHealthyTime, deadline, failFor }: Times): readonly Millis[] {
  switch (told) {
    case 'unknown':
      return deadline > 0 ? [minHealthyTime, deadline] : [minHealthyTime];
    case 'healthy':
      return [failFor];
    case 'unhealthy':
      return [minHealthyTime];
  }
}

function windowOf(probe: Probe): readonly Millis[] {
  return probe.kind === 'metric' && probe.maxRise !== null && probe.within !== null ? [probe.within] : [];
}
