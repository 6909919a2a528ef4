/** What stands for a secret in a URL. */
export const veil = '…';

/** Words that a secret's name has in it. */
const secretWords = /pass|pwd|secret|token|seed|mnemonic|suri|credential|signature|api-?_?key|key/i;

/** These speak of where a key is, or what it is called, not of the key. */
const harmless = /key[-_]?(file|name|ring|store|path|dir|type|id)s?/gi;
const aPlace = /(file|path|dir|folder)$/i;

/** Whether the value of a flag or variable of this name is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name.replace(harmless, '')) && !aPlace.test(name);
}

/**
 * Hides in every web URL of a text who asks (`user:password@`), query values that are secrets by their name or their look, and parts of the path that look
 * like the API keys that providers of nodes and chats put there (`/v3/9aa3d95b…`, `/services/T0…/B0…/…`). A checksum (`0x` and 64 hex digits) is none.
 */
export function quietUrls(text: string): string {
  // looked for by its `://`, as a long word that is no URL must not be read anew from each of its characters
  return text.replace(/:\/\/(?<=\b[a-z][a-z0-9+.-]*:\/\/)([^\s"'<>“”]+)/gi, (_whole, rest: string, at: number) => {
    const [before = '', fragment] = cut(rest, '#');
    const [address = '', query] = cut(before, '?');
    const [host = '', ...path] = address.split('/');
    // the last @ of the authority ends who asks (WHATWG URL), and a password may have a slash that nobody escaped
    const shownHost = host.includes('@') ? `${veil}@${host.slice(host.lastIndexOf('@') + 1)}` : host;
    const isWeb = /\b(https?|wss?)$/i.test(text.slice(Math.max(0, at - 6), at));
    const shownPath = path.map((part) => (isWeb && looksSecret(part) ? veil : part));
    const shownQuery = query === undefined ? '' : `?${quietQuery(query)}`;
    const shownFragment = fragment === undefined ? '' : `#${isWeb && looksSecret(fragment) ? veil : fragment}`;
    return `://${[shownHost, ...shownPath].join('/')}${shownQuery}${shownFragment}`;
  });
}

/** A URL for people, without who asks and without its query. */
export function bareUrl(url: string): string {
  const [address = ''] = url.split(/[?#]/);
  return quietUrls(address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1'));
}

const quietQuery = (query: string): string =>
  query.replace(/([^&=]+)=([^&]*)/g, (whole, name: string, value: string) =>
    value !== '' && (isSecretName(name) || looksSecret(value)) ? `${name}=${veil}` : whole,
  );

/**
 * Whether a text is random rather than a name: of 16 characters and more in which letters (small and large) and digits change at every fourth place and more
 * often. Random ones change at every second; names of releases at every tenth.
 */
function looksSecret(part: string): boolean {
  if (part.length < 16 || /^0x[0-9a-f]{64}$/i.test(part)) return false;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part) || isHex(part)) return true;
  const kinds = [...part].flatMap((c) => (/[a-z]/.test(c) ? 'a' : /[A-Z]/.test(c) ? 'A' : /\d/.test(c) ? '0' : []));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes >= part.length / 4;
}

const isHex = (part: string): boolean => /^[0-9a-f]{20,}$/i.test(part) && /\d/.test(part) && /[a-f]/i.test(part);

function cut(text: string, at: string): readonly [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
