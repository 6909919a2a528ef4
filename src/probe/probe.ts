import type { Millis } from '../core/release.ts';

/** What an operator asks of a client beside "it is up"; as in the args file (`health.probes`), parsed. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'log'; readonly text: string }
  | MetricProbe;

/** A figure of the client's own Prometheus page; limits that are `null` do not hold. Several series of the name are summed. */
export interface MetricProbe {
  readonly kind: 'metric';
  readonly url: string;
  readonly name: string;
  readonly min: number | null;
  readonly max: number | null;
  /** How much a counter may rise within `within`; `within: null` is the whole life of the child. */
  readonly maxRise: number | null;
  readonly within: Millis | null;
}

/** What the watch last said of a child. */
export type Level = 'unknown' | 'healthy' | 'unhealthy';

/** One start of the child; `pid` and `startedAt` tell it from another. */
export interface Living {
  readonly pid: number;
  /** On the clock of `performance.now()`: no correction of the wall clock may age a child. */
  readonly startedAt: number;
  /** Whether a line that this start wrote contains the text. */
  seen(text: string): boolean;
}

/** Who is watched: the child of an instance, over its restarts. */
export interface Subject {
  /** `null`: no child is up. */
  child(): Living | null;
  /** Resolves when `child()` answers another than it did at the call; rejects when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/** What one probe found. `exceeded` is a counter beyond its limit: waiting cannot mend it. */
export type Outcome =
  | { readonly is: 'passed' }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'exceeded'; readonly why: string };

export const passed: Outcome = { is: 'passed' };

export function failed(why: string): Outcome {
  return { is: 'failed', why };
}
