import { formatDuration } from '../duration.ts';
import type { Finding, Path } from '../problem.ts';
import type { Config, HealthConfig } from '../settings.ts';
import { clientsOf, settingPath } from './where.ts';

/** A client that may be healthy only after its deadline would always be rolled back. */
export function checkTimes(config: Config): readonly Finding[] {
  return clientsOf(config).flatMap((client) => [
    ...tooShort(client.health, settingPath(client, 'health', 'healthyDeadline')),
    ...client.when.flatMap(({ health }, rule) =>
      tooShort(health, settingPath(client, 'when', rule, 'health', 'healthyDeadline')),
    ),
  ]);
}

function tooShort({ minHealthyTime, healthyDeadline }: HealthConfig, path: Path): readonly Finding[] {
  if (healthyDeadline >= minHealthyTime) return [];
  const message = `must not be less than health.minHealthyTime, which is ${formatDuration(minHealthyTime)}: here it is ${formatDuration(healthyDeadline)}`;
  return [{ path, message }];
}
