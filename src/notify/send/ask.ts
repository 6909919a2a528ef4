import { bodyHead } from '../../body-head.ts';
import type { Millis } from '../../core/release.ts';
import { printable, sentenceOf, systemCode } from '../../errors.ts';
import { late } from '../../late.ts';
import { within } from '../../within.ts';
import { failed, type Outcome, outcomeOf } from '../outcome.ts';

const http = late(() => import('../../http-client.ts'));

export interface Asked {
  readonly method: 'GET' | 'POST';
  /** With its secrets. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeout: Millis;
  /** Whether plain http may leave this machine. */
  readonly allowInsecure: boolean;
}

/** Far more than any word of an error; the rest of a page is not read. */
const bodyCap = 2_048;

/** Nothing of the message had left the machine. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * One request, through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, trusting the certificates of Node and of `NODE_EXTRA_CA_CERTS`, as a download does. No redirect
 * is followed: it would take the signature and the secrets of the headers to somebody else.
 * @throws only when the signal aborts
 */
export async function ask(asked: Asked, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  const trouble = troubleWith(asked);
  if (trouble !== null) return failed(trouble, false);
  try {
    const outcome = await within(asked.timeout, signal, (own) => exchange(asked, own));
    return outcome ?? failed(`no answer within ${asked.timeout / 1_000} s`, true);
  } catch (error) {
    signal.throwIfAborted();
    return failed(plainly(error), !unsent.has(codeIn(error)));
  }
}

async function exchange({ method, url, headers, body, timeout }: Asked, signal: AbortSignal): Promise<Outcome> {
  const { EnvHttpProxyAgent, request } = await http();
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout }, headersTimeout: timeout, bodyTimeout: timeout });
  try {
    const answer = await request(url, {
      method,
      dispatcher,
      signal,
      headers: { 'user-agent': 'vaultvisor', ...headers },
      ...(body === null ? {} : { body }),
    });
    const { statusCode } = answer;
    const said = statusCode >= 300 ? await firstLine(answer.body) : '';
    const retryAfter = answer.headers['retry-after'];
    return outcomeOf(statusCode, typeof retryAfter === 'string' ? retryAfter : null, said);
  } finally {
    await dispatcher.destroy();
  }
}

/** The first line of a page, such as Slack's `invalid_token`. */
async function firstLine(body: AsyncIterable<Buffer>): Promise<string> {
  const text = (await bodyHead(body, bodyCap)).trim();
  return printable(text.split('\n')[0] ?? '').slice(0, 200);
}

function troubleWith({ url, allowInsecure }: Asked): string | null {
  if (!URL.canParse(url)) return 'what the secret holds is no URL';
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return null;
  if (protocol !== 'http:') return 'what the secret holds is no http or https URL';
  if (allowInsecure || isHere(hostname)) return null;
  return 'it is plain http beyond this machine, and "allowInsecure" is not set';
}

/** RFC 1122 and RFC 6761: what can only be this machine. */
const isHere = (host: string): boolean => /^(localhost|(.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** `fetch failed` helps nobody: what lies behind it does. */
function plainly(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const words = sentenceOf(first);
  return words === '' ? codeIn(error) : words;
}

function codeIn(error: unknown): string {
  const code = systemCode(error);
  if (code !== null) return code;
  if (error instanceof AggregateError) return codeIn(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? codeIn(error.cause) : '';
}
