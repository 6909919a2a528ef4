import type { z } from 'zod';
import { parseAddress } from '../address.ts';
import { patterned } from './text.ts';

export const endpoint = url(/^wss?:\/\//, 'must be a WebSocket URL, such as "wss://rpc.example.org"', []);

export const webUrl = url(/^https?:\/\//, 'must be an http or https URL, such as "http://127.0.0.1:9615/metrics"', []);

export const fileOrWebUrl = url(
  /^(https?:\/\/|file:\/\/\/)/,
  'must be a URL: "https://…", or "file:///" and an absolute path',
  [],
);

export const fileUrl = url(/^file:\/\/\//, 'must be "file:///" and an absolute path', []);

/** Never in the host: what the chain says must not choose whose server is asked. */
export const releaseTemplate = url(
  /^https?:\/\/((?!\{version\})[^/])+\//,
  'must be a URL such as "https://example.org/{version}/vault-{network}", with {version}, {network}, {os} and {arch} in its path and no other braces',
  ['network', 'version', 'os', 'arch'],
);

/** The same for migrations, of which there are two kinds. */
export const migrationTemplate = url(
  /^https?:\/\/((?!\{version\})[^/])+\//,
  'must be a URL such as "https://example.org/{version}/migrate-{kind}", with {version}, {kind}, {network}, {os} and {arch} in its path and no other braces',
  ['network', 'version', 'kind', 'os', 'arch'],
);

export const mirror = url(
  /^https?:\/\//,
  'must be a URL, such as "https://example.org/releases/{checksum}"; it may hold {checksum}, and no other braces',
  ['checksum'],
);

/** A WebSocket URL must have no fragment (RFC 6455, 3), and a fragment names nothing that a server could see. */
function url(start: RegExp, error: string, placeholders: readonly string[]): z.ZodString {
  return patterned(start, error).refine((said) => isUrl(said, placeholders), { error });
}

function isUrl(said: string, placeholders: readonly string[]): boolean {
  const filled = placeholders.reduce((rest, name) => rest.replaceAll(`{${name}}`, 'x'), said);
  return URL.canParse(filled) && !/[{}#\s\u0000-\u001f]/.test(filled);
}

const listenError = 'must be an address and a port, such as "127.0.0.1:9616" or "[::1]:9616"';

/** Where we listen: port 0 takes a free one. */
export const listenAddress = patterned(/:\d{1,5}$/, listenError).refine((said) => parseAddress(said) !== null, {
  error: listenError,
});

/** A name of a host, without its port. */
export const hostName = patterned(
  /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
  'must be the name of a host without a port, such as "vaultvisor.example.org"',
);

const dialError = 'must be an address and a port from 1 up, such as "127.0.0.1:9615"';

/** Where another listens. */
export const dialAddress = patterned(/:\d{1,5}$/, dialError).refine((said) => (parseAddress(said)?.port ?? 0) > 0, {
  error: dialError,
});
