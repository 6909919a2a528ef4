import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, request } from 'undici';
import { nextAddress, type Permits } from './addresses.ts';
import type { Agents } from './agents.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** The head of an answer whose body is still to be read, or thrown away with `body.destroy()`. */
export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface Asking {
  readonly agents: Agents;
  readonly limits: Limits;
  readonly permits: Permits;
  /** `Range` and `If-Range`, or nothing. */
  readonly headers: Record<string, string>;
}

/**
 * The answer to a GET, redirects followed by hand, each hop judged.
 * @throws Refusal; what the connection says; the signal's reason
 */
export async function ask(original: URL, asking: Asking, signal: AbortSignal): Promise<Answer> {
  let [url, agent] = [original, asking.agents.open];
  for (let hop = 0; hop <= asking.limits.redirects; hop += 1) {
    const answer = await askOnce(url, agent, asking, signal);
    const location = answer.header('location');
    if (!isRedirect(answer.status) || location === null) return answer;
    answer.body.destroy();
    const next = await nextAddress(location, url, original, asking.permits);
    url = next.url;
    agent = asking.permits.allowInsecure ? asking.agents.open : asking.agents.guarded(next.kind);
  }
  throw new Refusal(`it redirects more than ${asking.limits.redirects} times`);
}

async function askOnce(url: URL, dispatcher: Dispatcher, asking: Asking, signal: AbortSignal): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    signal,
    headers: { 'accept-encoding': 'identity', 'user-agent': 'vaultvisor', ...authorization(url), ...asking.headers },
  });
  // A body that is thrown away ends in an error that nobody waits for.
  body.on('error', () => {});
  return { status: statusCode, header: (name) => single(headers, name), body };
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** A header that is there twice says nothing that can be relied on. */
function single(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
