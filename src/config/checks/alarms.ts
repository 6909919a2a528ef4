import type { Entry } from '../inherit.ts';
import type { Finding } from '../problem.ts';
import { settingPath } from './where.ts';

/** An alarm that cannot be asked must not be found out on the day on which it should have rung. */
export function checkAlarms(entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap(({ network, client, whole }) => {
    const hours = whole.alarms.hoursToRedeem;
    if (hours === undefined) return [];
    const missing = (['metric', 'name'] as const).filter((key) => hours[key] === undefined);
    return missing.map((key) => ({
      path: settingPath({ network, client }, 'alarms', 'hoursToRedeem', key),
      message: `is missing: it must say ${key === 'metric' ? 'the client\'s page, such as "http://127.0.0.1:9615/metrics"' : 'which metric of the page has the hours'}, or a preset must`,
    }));
  });
}
