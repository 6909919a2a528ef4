import type { Millis } from '../core/release.ts';
import { parseChecksum } from '../core/release.ts';
import { accepted } from './accepted.ts';
import { parseDuration } from './duration.ts';
import type { WholeClient } from './inherit.ts';

/** What is asked before an update takes the place of a client that serves. */
export interface GatesConfig {
  /** Ranges of versions, and checksums. `allow` empty: everything is allowed. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly approval: 'none' | 'required';
  readonly requireHealthy: boolean;
  readonly specVersion: { readonly is: 'min' | 'exact'; readonly version: number } | null;
  /** Finalised. */
  readonly block: number | null;
  readonly windows: readonly WindowConfig[];
  readonly minAge: Millis;
  /** `group` `null`: this machine. */
  readonly rollout: { readonly window: Millis; readonly group: string | null };
  readonly metrics: readonly MetricGate[];
  readonly fleetLock: { readonly url: string; readonly group: string } | null;
  /** For how long an urgent release waits for a slot. */
  readonly urgentWait: Millis;
  readonly drain: DrainConfig | null;
}

export interface WindowConfig {
  readonly cron: string;
  readonly for: Millis;
  readonly zone: string;
}

export interface MetricGate {
  readonly url: string;
  readonly name: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly atMost: Millis;
}

export interface DrainConfig {
  readonly command: readonly string[];
  readonly deadline: Millis;
  readonly after: readonly string[] | null;
}

export function gatesConfig({ gates }: WholeClient): GatesConfig {
  const { allow, deny, approval, requireHealthy, block, fleetLock, drain } = gates;
  return {
    allow: allow.map(release),
    deny: deny.map(release),
    approval,
    requireHealthy,
    specVersion: specVersion(gates.specVersion),
    block: block ?? null,
    windows: gates.windows.map(({ cron, zone = 'UTC', ...window }) => ({ cron, zone, for: millis(window.for) })),
    minAge: millis(gates.minAge),
    rollout: { window: millis(gates.rolloutWindow), group: gates.rolloutGroup ?? null },
    metrics: gates.metrics.map(({ url, name, min = null, max = null, atMost = '30m' }) => ({
      ...{ url, name, min, max },
      atMost: millis(atMost),
    })),
    fleetLock: fleetLock === undefined ? null : { url: fleetLock.url, group: fleetLock.group ?? 'default' },
    urgentWait: millis(gates.urgentWait),
    drain:
      drain === undefined
        ? null
        : { command: drain.command, deadline: millis(drain.deadline ?? '1h'), after: drain.after ?? null },
  };
}

/** A checksum in its one form. */
const release = (said: string): string => parseChecksum(said) ?? said;

function specVersion(said: WholeClient['gates']['specVersion']): GatesConfig['specVersion'] {
  if (said?.min !== undefined) return { is: 'min', version: said.min };
  return said?.exact === undefined ? null : { is: 'exact', version: said.exact };
}

const millis = (text: string): Millis => accepted(parseDuration(text), text);
