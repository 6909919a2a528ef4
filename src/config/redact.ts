const hidden = '[hidden]';

/** Words that a secret's name has in it. */
const secretWords = /pass|pwd|secret|token|seed|mnemonic|suri|credential|api-?_?key|key/i;

/** These speak of where a key is, or what it is called, not of the key. */
const harmless = /key[-_]?(file|name|ring|store|path|dir|type|id)s?/gi;
const aPlace = /(file|path|dir|folder)$/i;

/** Whether the value of a flag or variable of this name is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name.replace(harmless, '')) && !aPlace.test(name);
}

/** The arguments for printing: values of flags that speak of secrets are hidden, and credentials in URLs. */
export function redactArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const flag = args[index - 1];
    const follows = flag !== undefined && isFlag(flag) && !flag.includes('=') && isSecretName(flag);
    return follows && !arg.startsWith('--') ? hidden : redactArg(arg);
  });
}

const isFlag = (arg: string): boolean => /^--?[A-Za-z]/.test(arg);

function redactArg(arg: string): string {
  const [, name] = /^(-{0,2}[A-Za-z][\w.-]*)=/.exec(arg) ?? [];
  return name !== undefined && isSecretName(name) ? `${name}=${hidden}` : redactUrl(arg);
}

/** Hides `user:password@` and query values that speak of secrets, in a URL or in any text with URLs in it. */
export function redactUrl(url: string): string {
  const quiet = url.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, `$1${hidden}@`);
  return quiet.replace(/([?&]([^=&#\s]+)=)[^&#\s]+/g, (whole, start: string, name: string) =>
    isSecretName(name) ? `${start}${hidden}` : whole,
  );
}

/** A whole value of the args file for printing; lists keep their length, so that paths into it stay true. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactUrl(value);
  if (Array.isArray(value)) return redactList(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, redactEntry(key, held)] as const);
  return Object.fromEntries(entries);
}

const redactEntry = (key: string, held: unknown): unknown =>
  typeof held === 'string' && isSecretName(key) ? hidden : redactValue(held);

function redactList(list: readonly unknown[]): unknown[] {
  const quiet = redactArgs(list.map((item) => (typeof item === 'string' ? item : '')));
  return list.map((item, index) => (typeof item === 'string' ? quiet[index] : redactValue(item)));
}
