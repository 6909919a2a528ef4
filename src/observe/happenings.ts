import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Notice } from '../core/notices/notice.ts';
import { createStopwatch, type Phase } from './update-phases.ts';

export interface Place {
  readonly network: string;
  readonly client: string;
}

const ofInstance = ['network', 'client'] as const;

/** From a switch within milliseconds to a proof that takes an hour. */
const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600, 14_400];

/** Registers what is counted or measured as it happens. */
export function createHappenings(register: Registry): (place: Place, notice: Notice) => void {
  const meters = createMeters(register);
  const stopwatches = new Map<string, ReturnType<typeof createStopwatch>>();
  return ({ network, client }, notice) => {
    const place = { network, client };
    const key = `${network}/${client}`;
    const stopwatch = stopwatches.get(key) ?? createStopwatch();
    stopwatches.set(key, stopwatch);
    const measured = stopwatch(notice);
    if (measured) observe(meters, place, measured);
    if (notice.event === 'restarted') meters.restarts.inc({ ...place, reason: text(notice['reason']) });
    if (notice.event === 'orphan') meters.orphans.inc({ ...place, action: text(notice['action']) });
  };
}

type Meters = ReturnType<typeof createMeters>;

function createMeters(register: Registry) {
  const registers = [register];
  return {
    restarts: new Counter({
      name: 'vaultvisor_child_restarts_total',
      help: 'Starts of the same deployment once more, by why the child before had left.',
      labelNames: [...ofInstance, 'reason'],
      registers,
    }),
    orphans: new Counter({
      name: 'vaultvisor_orphans_total',
      help: 'Times that processes of a client were found left over (by a supervisor that died, or a client that went), by what was done with them.',
      labelNames: [...ofInstance, 'action'],
      registers,
    }),
    duration: new Histogram({
      name: 'vaultvisor_update_duration_seconds',
      help: 'Of an update: fetch (named to verified on disk), switch (nothing runs), prove (started to committed).',
      labelNames: [...ofInstance, 'phase'],
      buckets,
      registers,
    }),
    downtime: new Gauge({
      name: 'vaultvisor_update_downtime_seconds',
      help: 'How long nothing ran in the last switch from one deployment to another.',
      labelNames: ofInstance,
      registers,
    }),
  };
}

function observe({ duration, downtime }: Meters, place: Place, { phase, seconds }: Phase): void {
  duration.observe({ ...place, phase }, seconds);
  if (phase === 'switch') downtime.set(place, seconds);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');
