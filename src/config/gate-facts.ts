import { formatDuration } from './duration.ts';
import type { GatesConfig } from './gates.ts';

/** The gates for printing, each with what it says; commands by their program alone, since their arguments may be secret. */
export function gateTexts(gates: GatesConfig): readonly (readonly [path: string, value: unknown, text?: string])[] {
  const {
    allow,
    deny,
    approval,
    requireHealthy,
    specVersion,
    block,
    windows,
    minAge,
    rollout,
    metrics,
    fleetLock,
    urgentWait,
    drain,
  } = gates;
  return [
    ['gates.allow', allow],
    ['gates.deny', deny],
    ['gates.approval', approval],
    ['gates.requireHealthy', requireHealthy],
    ['gates.specVersion', specVersion, specVersion === null ? 'none' : `${specVersion.is} ${specVersion.version}`],
    ['gates.block', block],
    [
      'gates.windows',
      windows,
      windows.map((one) => `${one.cron} for ${formatDuration(one.for)} ${one.zone}`).join(', ') || 'none',
    ],
    ['gates.minAge', minAge, formatDuration(minAge)],
    ['gates.rolloutWindow', rollout.window, formatDuration(rollout.window)],
    ['gates.rolloutGroup', rollout.group],
    ['gates.metrics', metrics],
    ['gates.fleetLock', fleetLock],
    ['gates.urgentWait', urgentWait, formatDuration(urgentWait)],
    ['gates.drain', drain],
  ];
}
