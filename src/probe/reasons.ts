import type { Millis } from '../core/release.ts';
import { printable } from '../errors.ts';
import { bareUrl } from '../quiet-url.ts';
import type { Probe } from './probe.ts';

const units: readonly (readonly [Millis, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** A length of time as the args file writes it where it can be, else rounded to three digits: `10m`, `90s`, `3.2s`, `40ms`. */
export function lasting(time: Millis): string {
  const whole = Math.round(Math.max(0, time));
  const exact = units.find(([unit]) => whole >= unit && whole % unit === 0);
  if (exact !== undefined) return `${whole / exact[0]}${exact[1]}`;
  const near = units.find(([unit]) => whole >= unit);
  return near === undefined ? `${whole}ms` : `${Number((whole / near[0]).toPrecision(3))}${near[1]}`;
}

/** An address without what may be secret in it: no user, no query, no key in its path. */
export const shownUrl = (text: string): string => bareUrl(new URL(text).href);

/** Words from outside: one line, printable, short. */
export function quoted(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim()).slice(0, 200);
}

/** Of a command only its program: arguments may be secret. */
export function nameOf(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return shownUrl(probe.url);
    case 'tcp':
      return hostAndPort(probe.host, probe.port);
    case 'command':
      return `command ${quoted(probe.command[0] ?? '')}`;
    case 'log':
      return `log "${quoted(probe.text)}"`;
    case 'metric':
      return `metric ${quoted(probe.name)}`;
  }
}

export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function roseTooFar(name: string, rise: number, limit: number, window: Millis | null): string {
  const when = window === null ? 'since its start' : `within ${lasting(window)}`;
  return `metric ${quoted(name)} rose by ${rise} ${when} (limit ${limit})`;
}

export function proven(minHealthyTime: Millis, probes: number): string {
  const up = `up for ${lasting(minHealthyTime)}`;
  if (probes === 0) return up;
  return probes === 1 ? `${up}, and its probe passes` : `${up}, and all ${probes} probes pass`;
}

export function overdue(failures: readonly string[], up: Millis | null, minHealthyTime: Millis): string {
  const short =
    up !== null && up < minHealthyTime ? [`it was up for only ${lasting(up)} of ${lasting(minHealthyTime)}`] : [];
  const words = up === null ? ['the child is not up'] : [...failures, ...short];
  return `not healthy by its deadline: ${words.join('; ')}`;
}

export function failedFor(failures: readonly string[], failFor: Millis): string {
  return `no pass for ${lasting(failFor)}: ${failures.join('; ')}`;
}
