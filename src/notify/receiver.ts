import type { Millis } from '../core/release.ts';
import { type Message, type Severity, severities } from './message.ts';

/** Who is told, and what. */
export interface Receiver {
  readonly name: string;
  /** The least severity that it is told. */
  readonly from: Severity;
  /** Whether it is told that a condition is over. */
  readonly resolved: boolean;
  /** `network` or `network/client`; `null`: all. What is about no client is told to all. */
  readonly only: readonly string[] | null;
  readonly except: readonly string[];
  readonly delivery: 'atLeastOnce' | 'atMostOnce';
}

/** How a webhook is asked; every secret is still named. */
export interface Webhook {
  readonly url: string;
  readonly format: 'json' | 'slack' | 'discord' | 'telegram' | 'alertmanager';
  readonly chat: string | null;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: Millis;
}

export const isSevere = (severity: Severity, from: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(from);

export function wants(receiver: Receiver, message: Message): boolean {
  const { from, resolved, only, except } = receiver;
  if (!isSevere(message.severity, from) || (message.state === 'resolved' && !resolved)) return false;
  if (message.network === null) return true;
  const names = [message.network, `${message.network}/${message.client}`];
  return (only === null || names.some((name) => only.includes(name))) && !names.some((name) => except.includes(name));
}
