import { waitOf } from './backoff.ts';
import { type Deployment, same } from './deployment.ts';
import type { Bar, Instance, Wait } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import { everHealthy } from './questions.ts';

/** So many failures are remembered, the newest: each holds a whole deployment, and a source may name and an operator edit for years. */
const MOST_FAILURES = 32;

/**
 * Quarantine. A failure blames the release while its checksum was never healthy here (its tries then count per
 * checksum), else the edit. It waits on its schedule, at last for a person.
 */
export function barred(i: Instance, of: Deployment, reason: string, policy: Policy, { now }: Moment): Instance {
  const blamesEdit = everHealthy(i, of.release.checksum);
  const counts = (bar: Bar) =>
    bar.by === 'failure' && (blamesEdit ? same(bar.of, of) : bar.of.release.checksum === of.release.checksum);
  const before = Math.max(0, ...i.bars.map((bar) => (bar.by === 'failure' && counts(bar) ? bar.attempts : 0)));
  const attempts = Math.min(before + 1, policy.retry.attempts);
  const wait: Wait =
    attempts < policy.retry.attempts ? { for: 'time', until: now + waitOf(policy.retry, before) } : { for: 'person' };
  const others = i.bars.filter((bar) => bar.by === 'person' || !same(bar.of, of));
  return { ...i, bars: newest([...others, { by: 'failure', of, attempts, reason, wait }]) };
}

/** What drops out may be tried again, and fails back as it did; a person's no never does. */
function newest(bars: readonly Bar[]): readonly Bar[] {
  const failures = bars.filter((bar) => bar.by === 'failure');
  const dropped = new Set<Bar>(failures.slice(0, -MOST_FAILURES));
  return bars.filter((bar) => !dropped.has(bar));
}

/** A person's no: to an edit's deployment where the same bytes come back, else to the checksum. */
export function refused(i: Instance, what: Deployment, instead: Deployment): Instance {
  const { checksum } = what.release;
  const isEdit = checksum === instead.release.checksum;
  return { ...i, bars: [...i.bars, { by: 'person', checksum, deployment: isEdit ? what : null }] };
}

/** Its control group failed too: it need not wait for the clock once the environment is well. The count stays. */
export function excused(bar: Bar): Bar {
  return bar.by === 'failure' && bar.wait.for === 'time'
    ? { ...bar, wait: { for: 'former', until: bar.wait.until } }
    : bar;
}
