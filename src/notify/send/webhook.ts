import { bodyOf } from '../formats/body.ts';
import type { Message } from '../message.ts';
import type { Outcome } from '../outcome.ts';
import type { Webhook } from '../receiver.ts';
import { signature } from '../sign.ts';
import { ask } from './ask.ts';
import { type Fill, withSecrets } from './filled.ts';

export interface Sending {
  readonly fill: Fill;
  readonly allowInsecure: boolean;
  /** From 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Sends one message. @throws only when the signal aborts */
export function sendWebhook(webhook: Webhook, message: Message, sending: Sending): Promise<Outcome> {
  const names = Object.keys(webhook.headers);
  const texts = [webhook.url, webhook.chat ?? '', webhook.key ?? '', ...Object.values(webhook.headers)];
  return withSecrets(texts, sending.fill, ([url = '', chat = '', key = '', ...values]) => {
    const body = bodyOf(message, { format: webhook.format, chat });
    const headers = {
      'content-type': 'application/json',
      'vaultvisor-attempt': String(sending.attempt),
      ...signature(webhook.key === null ? null : key, message.id, Math.floor(Date.now() / 1_000), body),
      ...Object.fromEntries(names.map((name, index) => [name.toLowerCase(), values[index] ?? ''])),
    };
    const asked = { method: 'POST', url: addressOf(url, webhook.format), headers, body } as const;
    return ask({ ...asked, timeout: webhook.timeout, allowInsecure: sending.allowInsecure }, sending.signal);
  });
}

/** Of Alertmanager its address is enough. */
function addressOf(url: string, format: Webhook['format']): string {
  if (format !== 'alertmanager' || !URL.canParse(url) || new URL(url).pathname !== '/') return url;
  return new URL('/api/v2/alerts', url).href;
}
