import { formatDuration } from '../duration.ts';
import type { Finding } from '../problem.ts';
import type { Config } from '../settings.ts';
import { clientsOf, settingPath } from './where.ts';

/** A client that may be healthy only after its deadline would always be rolled back. */
export function checkTimes(config: Config): readonly Finding[] {
  return clientsOf(config).flatMap((client) => {
    const { minHealthyTime, healthyDeadline } = client.health;
    if (healthyDeadline >= minHealthyTime) return [];
    const message = `must not be less than health.minHealthyTime, which is ${formatDuration(minHealthyTime)}: here it is ${formatDuration(healthyDeadline)}`;
    return [{ path: settingPath(client, 'health', 'healthyDeadline'), message }];
  });
}
