import type { Outcome } from '../outcome.ts';
import { ask } from './ask.ts';
import { type Fill, withSecrets } from './filled.ts';

/** Tells a dead-man's switch that we live. @throws only when the signal aborts */
export function sendHeartbeat(
  { url, method }: { readonly url: string; readonly method: 'GET' | 'POST' },
  {
    fill,
    allowInsecure,
    signal,
  }: { readonly fill: Fill; readonly allowInsecure: boolean; readonly signal: AbortSignal },
): Promise<Outcome> {
  return withSecrets([url], fill, ([filled = '']) =>
    ask({ method, url: filled, headers: {}, body: null, timeout: 10_000, allowInsecure }, signal),
  );
}
