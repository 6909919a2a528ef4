import { printable, shownLine } from '../errors.ts';
import type { Start } from '../put-in.ts';
import { isSecretName, quietUrls, veil } from '../quiet-url.ts';

/** Shorter ones are found in every other word. */
const shortest = 4;

/**
 * The secrets that a client is given: by the names of its flags and variables, and passwords in its URLs. It may repeat them in its last words, which
 * go into the history and to people.
 */
export function secretsOf({ args = [], env = {} }: Partial<Start>): readonly string[] {
  const flags = args.flatMap((arg, index) => {
    const [, name, value] = /^-{0,2}([A-Za-z][\w.-]*)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined) return isSecretName(name) ? [value ?? ''] : [];
    const flag = args[index - 1] ?? '';
    return /^--?[A-Za-z][^=]*$/.test(flag) && isSecretName(flag) && !arg.startsWith('--') ? [arg] : [];
  });
  const variables = Object.entries(env).flatMap(([name, value]) => (isSecretName(name) ? [value] : []));
  const passwords = [...args, ...Object.values(env)].flatMap(
    (text) => /:\/\/[^\s/?#@]*:([^\s/?#@]+)@/.exec(text)?.[1] ?? [],
  );
  return sought([...flags, ...variables, ...passwords]);
}

/** Those of them that can be told from any other word, as a client may repeat them; the longest first, so that none is left over in part. */
export const sought = (secrets: readonly string[]): readonly string[] =>
  [...new Set(secrets.flatMap(asRepeated))]
    .filter((text) => text.length >= shortest)
    .sort((a, b) => b.length - a.length);

/** One of several lines is repeated line by line, in JSON with its escapes, and as it is shown to a terminal. */
const asRepeated = (secret: string): readonly string[] =>
  secret.split(/\r?\n/).flatMap((line) => [line, quoted(line), printable(line), shownLine(line)]);

const quoted = (line: string): string => JSON.stringify(line).slice(1, -1);

/** A value with the secrets taken out of every text in it, and out of every URL. */
export function quietly<T>(value: T, secrets: readonly string[]): T {
  return quiet(value, secrets) as T;
}

/** Checksums and ids are nobody's secret, and must stay what they are. A secret may look like one, and is found whole then, not by chance. */
const isId = (text: string, secrets: readonly string[]): boolean =>
  /^(0x)?[0-9a-f]{12,}$/.test(text) && !secrets.some((secret) => secret.length >= 12 && text.includes(secret));

/** Characters. What a client wrote is cut here and at 64 KiB (process/output.ts), in the midst of a secret it may be; nothing shorter is cut before it is asked. */
const cut = 1_000;

/** A text that may have been cut, without the beginning of a secret that it ends with. */
function withoutBegun(text: string, secrets: readonly string[]): string {
  if (text.length < cut) return text;
  const begun = Math.max(0, ...secrets.map((secret) => begunAt(text, secret)));
  if (begun === 0) return text;
  // one that is whole and reaches into it goes with it: what is left of that would not be known again
  const from = secrets.reduce((at, secret) => {
    const begin = text.lastIndexOf(secret, at - 1);
    return begin !== -1 && begin + secret.length > at ? begin : at;
  }, text.length - begun);
  return text.slice(0, from) + veil;
}

/** How many characters of a secret a text ends with. */
function begunAt(text: string, secret: string): number {
  let length = secret.length - 1;
  while (length >= shortest && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length < shortest ? 0 : length;
}

function quiet(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string' && isId(value, secrets)) return value;
  if (typeof value === 'string')
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, veil), quietUrls(withoutBegun(value, secrets)));
  if (Array.isArray(value)) return value.map((item) => quiet(item, secrets));
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, quiet(held, secrets)]));
}
