import type { ClientConfig } from '../../config/settings.ts';
import type { Policy } from '../../core/policy.ts';
import { listedAgainst } from '../../gate/lists.ts';
import { isDowngrade } from './downgrade.ts';

/** Starts of the supervisor within one probation: a release that takes its supervisor down is not tried for ever. */
const BOOTS = 3;

/** Where nothing is fetched from anybody, it costs nobody anything to look again for what was staged. */
const LOOKING = { after: 10_000, max: 60_000 };

/** What a program's answer is kept with: asked in other words it is asked anew. */
export const wordsAsked = (command: readonly string[]): string => JSON.stringify(command);

/** The patience of the rules, from the operator's file. `urgent`: money is in danger while nothing serves, so that no rest grows. */
export function policyOf(config: ClientConfig, urgent = false): Policy {
  return {
    exits: config.health.exits,
    boots: BOOTS,
    retry: config.retry,
    download: config.download.fetch === 'never' ? LOOKING : config.download,
    restart: urgent ? { ...config.restart, max: config.restart.after } : config.restart,
    rollbackWindow: config.health.rollbackWindow,
    liveness: config.liveness,
    keep: config.keep,
    allowDowngrade: config.allowDowngrade,
    isDowngrade,
    forbids: (release) => listedAgainst(release, config.gates),
    approval: config.gates.approval === 'required',
    requireHealthy: config.gates.requireHealthy,
    asks: config.compatibility && wordsAsked(config.compatibility),
    restartOnSpecVersion: config.restartOn.includes('specVersion'),
    hasDataDir: config.data !== null,
    dataRollback: config.data?.rollback ?? 'never',
  };
}
