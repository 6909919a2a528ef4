import type { Message } from '../../src/notify/message.ts';

/** A message of a vault, but for what is given. */
export const message = (over: Partial<Message>): Message => ({
  schema: 1,
  id: 'msg-1',
  at: '2026-11-21T12:00:00.000Z',
  state: 'told',
  severity: 'warning',
  condition: null,
  key: null,
  since: null,
  until: null,
  event: 'committed',
  host: 'here',
  network: 'kintsugi',
  client: 'vault',
  summary: 'something happened',
  reason: null,
  next: 'vaultvisor status kintsugi/vault',
  details: {},
  ...over,
});
