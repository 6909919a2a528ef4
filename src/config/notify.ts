import type { Millis } from '../core/release.ts';

/** Who is told what, as the file says it. `null` instead of it: nobody is. */
export interface NotifyConfig {
  readonly receivers: readonly ReceiverConfig[];
  /** When a condition that goes on is told again. */
  readonly repeat: Millis;
  /** How long nothing may serve before that is critical. */
  readonly downFor: Millis;
  /** A message that could not be delivered for so long is dropped. */
  readonly expire: Millis;
}

export type SeverityConfig = 'critical' | 'warning' | 'info';

interface Receiving {
  readonly name: string;
  /** The least severity that it is told. */
  readonly from: SeverityConfig;
  /** Whether it is told that a condition is over. */
  readonly resolved: boolean;
  /** `network` or `network/client`; `null`: all. */
  readonly only: readonly string[] | null;
  readonly except: readonly string[];
  readonly delivery: 'atLeastOnce' | 'atMostOnce';
}

/** Texts may hold `{secret:…}`, which is read at each use. */
export interface WebhookConfig extends Receiving {
  readonly kind: 'webhook';
  readonly url: string;
  readonly format: 'json' | 'slack' | 'discord' | 'telegram' | 'alertmanager';
  /** Of Telegram. */
  readonly chat: string | null;
  /** The body is signed with it; `null`: it is not. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: Millis;
}

export interface CommandConfig extends Receiving {
  readonly kind: 'command';
  readonly run: readonly string[];
  readonly deadline: Millis;
}

export interface HeartbeatConfig {
  readonly kind: 'heartbeat';
  readonly name: string;
  readonly url: string;
  readonly every: Millis;
  readonly method: 'GET' | 'POST';
}

export type ReceiverConfig = WebhookConfig | CommandConfig | HeartbeatConfig;

/** What a file that says nothing else means. */
export const notifyDefaults = {
  repeat: '4h',
  downFor: '10m',
  expire: '24h',
  from: 'warning',
  resolved: true,
  delivery: 'atLeastOnce',
  format: 'json',
  timeout: '10s',
  deadline: '30s',
  every: '1m',
  method: 'GET',
} as const;
