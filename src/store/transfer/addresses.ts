import { bareUrl } from '../../quiet-url.ts';
import { type HostKind, isLoopback, kindOfHost } from './hosts.ts';
import { Refusal } from './refusal.ts';

/** What the operator's file permits. `allowInsecure`: plain http and inner hosts, too. `allowFile`: he named the file himself. */
export interface Permits {
  readonly allowInsecure: boolean;
  readonly allowFile: boolean;
}

/** The URI that was named, as a URL that may be asked. @throws Refusal */
export function originalAddress(uri: string, permits: Permits): URL {
  const url = parse(uri);
  if (url.protocol === 'file:' && permits.allowFile && url.host === '') return url;
  requireHttp(url, permits);
  return url;
}

/**
 * Where a redirect leads, if we follow. It may not leave https (plain http only on this machine), never reaches into the network
 * behind us (a cloud's metadata service lies at a link-local address), and takes no password along.
 * @throws Refusal
 */
export async function nextAddress(
  location: string,
  from: URL,
  original: URL,
  permits: Permits,
): Promise<{ url: URL; kind: HostKind }> {
  const url = parse(location, from);
  requireHttp(url, permits);
  const { username, password } = url.origin === original.origin ? original : { username: '', password: '' };
  url.username = username;
  url.password = password;
  const kind = await kindOfHost(original.hostname);
  const found = await kindOfHost(url.hostname);
  const isInside = found !== 'public' && found !== kind;
  if (isInside && !permits.allowInsecure) throw new Refusal(`it redirects to ${shown(url)}, a ${found} address`);
  return { url, kind };
}

/** A URL without what may be secret in it: a password, a key in the path, a signed query. */
export function shown(url: URL): string {
  return url.protocol === 'file:' ? `file://${url.pathname}` : bareUrl(`${url.origin}${url.pathname}`);
}

/** Text that claims to be a URI, to be shown. */
export function shownUri(uri: string): string {
  return URL.canParse(uri) ? shown(new URL(uri)) : JSON.stringify(uri.slice(0, 200));
}

function parse(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new Refusal('this is not a URL');
  return new URL(text, base?.href);
}

function requireHttp(url: URL, { allowInsecure }: Permits): void {
  if (url.protocol === 'https:') return;
  if (url.protocol !== 'http:') throw new Refusal(`${url.protocol} is not allowed here: only https`);
  if (!allowInsecure && !isLoopback(url.hostname))
    throw new Refusal(`${shown(url)} is plain http, and \`allowInsecure\` is not set`);
}
