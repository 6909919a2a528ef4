import type { InstanceStatus } from '../core/instance-status.ts';

/**
 * How the clients are, in one line for `systemctl status`: first how many, then each that is not as it should be. It changes only when that changes: no times,
 * no counts of bytes.
 */
export function statusLine(instances: readonly InstanceStatus[]): string {
  if (instances.length === 0) return 'no client is configured';
  const others = instances.filter(({ ok }) => !ok);
  const count = `${instances.length} ${instances.length === 1 ? 'client' : 'clients'}`;
  if (others.length === 0) return `${count}, ${instances.length === 1 ? 'as it should be' : 'all as they should be'}`;
  const each = others.map((one) => `${one.network}/${one.client} ${wordsFor(one)}`).join('; ');
  const well = instances.length - others.length;
  return well === 0 ? each : `${well} of ${count} as they should be; ${each}`;
}

function wordsFor({ child, stopped, guard, blocked, phase, verdict, next }: InstanceStatus): string {
  if (stopped) return child === null ? 'is stopped by a person' : 'is being stopped by a person';
  if (child === null && guard?.state === 'watching') return 'is not started yet: its account is watched';
  if (child === null && blocked !== null) return 'is down and cannot be started';
  if (phase === 'switching' || phase === 'reverting') return 'has its data moved';
  const tried = next?.version ?? next?.checksum.slice(0, 10) ?? 'a release';
  if (phase === 'probation') return `tries ${tried}`;
  if (phase === 'empty') return next === null ? 'waits for its first release' : 'gets its first release';
  if (child === null) return 'is down';
  if (verdict === 'unhealthy') return 'runs and is unhealthy';
  return 'runs, and wants to be looked at';
}
