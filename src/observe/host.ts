import { isIP } from 'node:net';

/**
 * Whether a `Host` header is one by which we may be asked. A hostile site can have its own name resolve to 127.0.0.1 and so make a browser here ask us
 * for it (DNS rebinding); an address, `localhost`, or a name that the operator wrote down it cannot take.
 * @param names of the operator: `http.hosts` and the host that is listened on
 */
export function isOwnHost(header: string | undefined, names: readonly string[]): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false;
  const { hostname, username, password, pathname } = new URL(`http://${header}`);
  if (username !== '' || password !== '' || pathname !== '/') return false;
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isNamed = names.some((name) => name.toLowerCase().replace(/\.$/, '') === host);
  return isNamed || isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost');
}
