import { isSecretName, quietUrls } from '../quiet-url.ts';

const hidden = '[hidden]';

/** The arguments for printing: values of flags that speak of secrets are hidden, and credentials in URLs. */
export function redactArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const flag = args[index - 1];
    const follows = flag !== undefined && isFlag(flag) && !flag.includes('=') && isSecretName(flag);
    return follows && !arg.startsWith('--') && !isReference(arg) ? hidden : redactArg(arg);
  });
}

const isFlag = (arg: string): boolean => /^--?[A-Za-z]/.test(arg);

function redactArg(arg: string): string {
  const [, name, value = ''] = /^(-{0,2}[A-Za-z][\w.-]*)=(.*)$/s.exec(arg) ?? [];
  return name !== undefined && isSecretName(name) && !isReference(value) ? `${name}=${hidden}` : quietUrls(arg);
}

/** A whole value of the args file for printing; lists keep their length, so that paths into it stay true. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return quietUrls(value);
  if (Array.isArray(value)) return redactList(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, redactEntry(key, held)] as const);
  return Object.fromEntries(entries);
}

function redactEntry(key: string, held: unknown): unknown {
  if (typeof held === 'string') return isSecretName(key) && !isReference(held) ? hidden : quietUrls(held);
  return isRecord(held) && (key === 'webhook' || key === 'heartbeat') ? redactReceiver(held) : redactValue(held);
}

/** Where a secret is, is none. */
const isReference = (text: string): boolean => /^\{secret:[^{}]+\}$/.test(text);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of who is told: the path of a chat's address is a password, and so is every header. */
function redactReceiver(receiver: Readonly<Record<string, unknown>>): object {
  const { url, headers, ...rest } = receiver;
  const quietHeaders = Object.keys(isRecord(headers) ? headers : {}).map((name) => [name, hidden] as const);
  return {
    ...(typeof url === 'string' ? { url: isReference(url) ? url : originOf(url) } : {}),
    ...(redactValue(rest) as object),
    ...(headers === undefined ? {} : { headers: Object.fromEntries(quietHeaders) }),
  };
}

function originOf(url: string): string {
  if (!URL.canParse(url)) return hidden;
  const { protocol, host, pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? `${protocol}//${host}` : `${protocol}//${host}/…`;
}

function redactList(list: readonly unknown[]): unknown[] {
  const quiet = redactArgs(list.map((item) => (typeof item === 'string' ? item : '')));
  return list.map((item, index) => (typeof item === 'string' ? quiet[index] : redactValue(item)));
}
