import type { Millis } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import type { Tuning } from '../tuning.ts';

/** Whether a finalised block's own time lies too far from ours: the node may show an old chain, or our clock is wrong. */
export function clockAlarm(
  at: Millis | null,
  now: Millis,
  { maxAge, maxAhead }: Pick<Tuning, 'maxAge' | 'maxAhead'>,
): VisorError | null {
  if (at === null) return null;
  if (now - at > maxAge) {
    const what = `the newest finalised block is ${minutes(now - at)} old`;
    return new VisorError(
      'network',
      what,
      'Compare with a block explorer: the chain stands still, or the endpoint does; add another endpoint.',
    );
  }
  if (at - now > maxAhead) {
    const what = `the newest finalised block is ${minutes(at - now)} ahead of this machine's clock`;
    return new VisorError('network', what, 'Check the clock of this machine (timedatectl), then the endpoint.');
  }
  return null;
}

const minutes = (span: Millis): string =>
  span < 120_000 ? `${Math.round(span / 1_000)} s` : `${Math.round(span / 60_000)} min`;
