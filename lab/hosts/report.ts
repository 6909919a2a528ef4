import type { Figure, Result } from '../experiment.ts';
import type { Played } from './play.ts';

export function report(played: readonly Played[], left: readonly string[]): Result {
  const violations = played.flatMap((one) => one.violations);
  const overlaps = violations.filter((words) => / (overlap|refused) /.test(words)).length;
  const wrong = violations.length - overlaps;
  const hosts = [...new Set(played.map(({ host }) => host))];
  return {
    violations,
    left,
    figures: [
      ...hosts.map((host) => ({
        what: `scenarios under ${host}`,
        value: played.filter((one) => one.host === host).length,
      })),
      { what: 'clients that met another', value: overlaps, goal: { words: '0', met: overlaps === 0 } },
      { what: 'scenarios that ended wrong', value: wrong, goal: { words: '0', met: wrong === 0 } },
      ...hosts.flatMap((host) => timesOf(host, played)),
    ],
  };
}

/** For information: how long a host and vaultvisor take together is mostly the host's doing (`RestartSec`, a boot). */
function timesOf(host: string, played: readonly Played[]): readonly Figure[] {
  const times = played.filter((one) => one.host === host && one.took > 0).map(({ took }) => took / 1_000);
  if (times.length === 0) return [];
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  return [{ what: `until it serves again, ${host}: median, longest`, value: `${at(0.5)} s, ${at(1)} s` }];
}
