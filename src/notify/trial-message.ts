import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Message, Severity } from './message.ts';

/** What `notify test` sends. */
export const trialMessage = (severity: Severity): Message => ({
  schema: 1,
  id: randomUUID(),
  at: new Date().toISOString(),
  state: 'told',
  severity,
  condition: null,
  key: null,
  since: null,
  until: null,
  event: 'test',
  host: hostname(),
  network: null,
  client: null,
  summary: 'this is a test, and nothing is wrong',
  reason: null,
  next: 'vaultvisor status',
  details: {},
});
