import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { within } from '../../within.ts';
import { MAX_BYTES } from './load.ts';

const PATIENCE = 30_000;
const MAX_REDIRECTS = 5;

/**
 * The body of a small document. Up to five redirects, never from https to anything else; proxies by `HTTPS_PROXY` and `NO_PROXY`.
 * Throws an Error: another status than 200, too long, too slow (30 s for all of it).
 */
export async function fetchText(url: string, ca: string | undefined, signal: AbortSignal): Promise<Buffer> {
  const timeout = PATIENCE;
  const agent = new EnvHttpProxyAgent({
    connect: { timeout, ...(ca === undefined ? {} : { ca }) },
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
  try {
    const text = await within(PATIENCE, signal, (own) => fetchFrom(new URL(url), agent, own, MAX_REDIRECTS));
    if (text === null) throw new Error(`no answer within ${PATIENCE / 1_000} s`);
    return text;
  } catch (error) {
    throw signal.aborted ? new Error('no longer wanted', { cause: error }) : error;
  } finally {
    await agent.destroy();
  }
}

async function fetchFrom(url: URL, dispatcher: Dispatcher, signal: AbortSignal, redirects: number): Promise<Buffer> {
  const headers = { 'accept-encoding': 'identity', 'cache-control': 'no-cache' };
  const { statusCode, headers: answer, body } = await request(url, { dispatcher, signal, headers });
  const location = answer['location'];
  if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
    if (redirects === 0) throw new Error(`more than ${MAX_REDIRECTS} redirects`);
    const target = new URL(location, url);
    if (target.protocol !== 'https:' && target.origin !== url.origin) throw new Error(`a redirect to ${target.origin}`);
    return fetchFrom(target, dispatcher, signal, redirects - 1);
  }
  if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
  return bounded(body);
}

async function bounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
