import type { Figure } from '../experiment.ts';
import type { Gauged } from './gauge.ts';

/** What is flat may differ by so much: caches and compiled code go on to settle a little. After a short warm-up they settle more. */
export const SHARE = { full: 0.02, short: 0.1 };

/** Timers and sockets that come and go. */
const PASSING = 4;

/** Whether a daemon holds at the end what it held after its warm-up. */
export function flatness(
  what: string,
  share: number,
  warm: Gauged,
  end: Gauged,
): { figures: Figure[]; violations: string[] } {
  const grown = end.heap / warm.heap - 1;
  const isFlat = grown <= share;
  const isClosed = end.descriptors <= warm.descriptors && end.resources <= warm.resources + PASSING;
  const figures: Figure[] = [
    { what: `${what}: heap after the warm-up`, value: mega(warm.heap) },
    {
      what: `${what}: heap at the end`,
      value: `${mega(end.heap)} (${grown < 0 ? '' : '+'}${(100 * grown).toFixed(1)} %)`,
      goal: { words: `at most +${100 * share} %`, met: isFlat },
    },
    {
      what: `${what}: resident, after the warm-up and at the end`,
      value: `${mega(warm.resident)}, ${mega(end.resident)}`,
    },
    {
      what: `${what}: descriptors, after the warm-up and at the end`,
      value: `${warm.descriptors}, ${end.descriptors}`,
      goal: { words: 'no more', met: isClosed },
    },
  ];
  return {
    figures,
    violations: [
      ...(isFlat
        ? []
        : [`${what}: the heap grew by ${(100 * grown).toFixed(1)} %, from ${mega(warm.heap)} to ${mega(end.heap)}`]),
      ...(isClosed
        ? []
        : [
            `${what}: ${warm.descriptors} descriptors became ${end.descriptors}, ${warm.resources} timers and handles ${end.resources}`,
          ]),
    ],
  };
}

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
