/** Where somebody listens; an IPv6 host stands without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads `127.0.0.1:9616`, `localhost:9616`, `[::1]:9616`; `null` where it is none. Port 0 is read. */
export function parseAddress(text: string): Address | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 || !URL.canParse(`http://${text}`) ? null : { host, port };
}

const standardPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Where an http or https URL leads. */
export function addressOfUrl(url: string): Address {
  const { protocol, hostname, port } = new URL(url);
  return { host: bare(hostname), port: port === '' ? (standardPorts[protocol] ?? 0) : Number(port) };
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether a host can only be this machine. Written as it may be: `127.1` and `::ffff:127.0.0.1` are loopback too. */
export function isLoopback(host: string): boolean {
  const plain = canonicalHost(host);
  return plain === 'localhost' || plain.endsWith('.localhost') || plain === '::1' || isLoopback4(plain);
}

/** 127.0.0.0/8 (RFC 1122), also mapped into IPv6 (RFC 4291). */
const isLoopback4 = (host: string): boolean => /^127(\.\d+){3}$|^::ffff:7f[0-9a-f]{2}:/.test(host);

/** One spelling for one host, as the WHATWG URL standard has it. */
export function canonicalHost(host: string): string {
  const written = host.includes(':') ? `[${bare(host)}]` : host;
  return URL.canParse(`http://${written}`) ? bare(new URL(`http://${written}`).hostname) : host.toLowerCase();
}

/** Whether two listeners, or a listener and who asks it, would meet. */
export function collide(a: Address, b: Address): boolean {
  return a.port === b.port && a.port !== 0 && (isEverywhere(a) || isEverywhere(b) || named(a) === named(b));
}

const isEverywhere = ({ host }: Address): boolean => ['0.0.0.0', '::'].includes(canonicalHost(host));

const named = ({ host }: Address): string => canonicalHost(host).replace(/^localhost$/, '127.0.0.1');
