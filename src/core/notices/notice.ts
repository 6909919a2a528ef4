import type { Deployment } from '../deployment.ts';
import type { Release } from '../release.ts';

/** One thing worth telling: a line of the history, a log line, a metric. `event` is past tense. */
export interface Notice {
  readonly event: string;
  readonly [detail: string]: unknown;
}

export const named = ({ checksum, version, uri }: Release) => ({ checksum, version, uri });
export const told = ({ id, release }: Deployment) => ({ ...named(release), deployment: id });
