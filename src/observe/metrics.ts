import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Notice } from '../core/notices/notice.ts';
import { createGauges } from './gauges.ts';
import { createHappenings, type Place } from './happenings.ts';
import type { Look } from './look.ts';

/** The metrics of one daemon, in a registry of their own. */
export interface Metrics {
  /** Counts and measures what happened to an instance. */
  told(instance: Place, notice: Notice): void;
  /** The page that Prometheus scrapes, with the levels of this look. */
  text(look: Look): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const register = new Registry();
  const show = createGauges(register);
  const told = createHappenings(register);
  let isScraped = false;
  return {
    told,
    contentType: register.contentType,
    text(look) {
      // they watch the event loop and the garbage collector: a daemon that nobody scrapes need not
      if (!isScraped) collectDefaultMetrics({ register, prefix: 'vaultvisor_' });
      isScraped = true;
      show(look);
      return register.metrics();
    },
  };
}
