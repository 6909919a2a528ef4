import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows the sender, that the message is fresh, and that he had it already: Standard Webhooks
 * (https://www.standardwebhooks.com): HMAC-SHA256 over `<id>.<timestamp>.<body>`, base64. A key that begins with `whsec_` is base64 behind it; any
 * other is taken as it is. `seconds`: of the attempt, since the Unix epoch.
 */
export function signature(key: string | null, id: string, seconds: number, body: string): Record<string, string> {
  const headers = { 'idempotency-key': id, 'webhook-id': id, 'webhook-timestamp': String(seconds) };
  if (key === null) return headers;
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key, 'utf8');
  const mac = createHmac('sha256', bytes).update(`${id}.${seconds}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${mac}` };
}
