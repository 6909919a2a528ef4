import type { Millis } from '../../core/release.ts';
import { type Message, placeWords } from '../message.ts';

/** An event has no end of its own: it is shown for so long. */
const shownFor: Millis = 15 * 60_000;

/**
 * One alert for `POST /api/v2/alerts` (the OpenAPI of prometheus/alertmanager, api/v2). Labels tell one alert from another, so nothing that changes is in
 * them; without `endsAt` Alertmanager would forget what is not sent again within its `resolve_timeout`.
 */
export function alertmanager(message: Message): object {
  const { network, client, host, severity, reason, next, since, at, until, event, details } = message;
  const labels = {
    alertname: `Vaultvisor${capital(message.condition ?? event)}`,
    severity,
    host,
    ...(network === null ? {} : { network, client }),
  };
  const annotations = {
    summary: `${placeWords(message)}: ${message.summary}`,
    ...(reason === null ? {} : { description: reason }),
    ...(next === null ? {} : { next }),
    ...Object.fromEntries(Object.entries(details).map(([key, value]) => [key, String(value)])),
  };
  const endsAt = until ?? new Date(Date.parse(at) + shownFor).toISOString();
  return [{ labels, annotations, startsAt: since ?? at, endsAt }];
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
