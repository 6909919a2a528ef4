import type { Release } from '../core/release.ts';
import { isWithin } from '../core/versions.ts';
import type { ClientConfig } from './settings.ts';

/**
 * How a release is judged and stopped: the client's settings, with those of the first rule of `when` whose versions hold the release.
 * Its args and env are not among them: those are a deployment's own (core/deployment.ts). `null`: no release is known, so no rule counts.
 */
export function configFor(config: ClientConfig, release: Pick<Release, 'version' | 'uri'> | null): ClientConfig {
  const rule = release && config.when.find(({ versions }) => isWithin(release, versions));
  if (!rule) return config;
  const { health, probes, stop } = rule;
  return { ...config, health, probes, stop };
}
