import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import { late } from '../../late.ts';
import { within } from '../../within.ts';
import { listenerOf } from '../listener/listener.ts';
import { lasting, shownUrl } from '../reasons.ts';

const http = late(() => import('../../http-client.ts'));

/** What our child's server answered; `isCut`: the body went on behind the cap and was not read further. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly isCut: boolean;
}

/**
 * Asks a server for a page, if it is our child's; else the words that say why there is no answer. No redirect is followed and
 * no proxy asked: the answer must come from the very socket whose owner was looked up.
 */
export async function getOurs(
  url: string,
  pid: number,
  cap: number,
  limit: Millis,
  signal: AbortSignal,
): Promise<Answer | string> {
  const { hostname, port, protocol } = new URL(url);
  const listener = await listenerOf(bare(hostname), portOf(port, protocol), pid);
  if (!listener.isOurs) return listener.why;
  try {
    const answer = await within(limit, signal, (own) => get(new URL(url), listener.address, cap, own));
    return answer ?? `${shownUrl(url)} did not answer within ${lasting(limit)}`;
  } catch (thrown) {
    signal.throwIfAborted();
    return `${shownUrl(url)} did not answer: ${sentenceOf(thrown)}`;
  }
}

async function get(url: URL, address: string, cap: number, signal: AbortSignal): Promise<Answer> {
  const family = address.includes(':') ? 6 : 4;
  const { Client } = await http();
  const client = new Client(url.origin, {
    connect: { lookup: (_host, _options, found) => found(null, [{ address, family }]) },
  });
  try {
    const headers = { accept: 'text/plain;version=0.0.4, */*;q=0.5', 'accept-encoding': 'identity' };
    const response = await client.request({ method: 'GET', path: `${url.pathname}${url.search}`, headers, signal });
    return { status: response.statusCode, ...(await read(response.body, cap)) };
  } finally {
    await client.destroy();
  }
}

async function read(body: AsyncIterable<Buffer>, cap: number): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > cap) return { body: Buffer.concat(chunks), isCut: true };
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), isCut: false };
}

/** `URL` writes IPv6 addresses in brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf(port: string, protocol: string): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
