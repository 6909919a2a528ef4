import { VisorError } from '../../errors.ts';

/** What `vaultvisor wrap` is told, by flags or variables. */
export interface WrapLine {
  readonly home: string;
  /** `NETWORK/CLIENT`: what its folder, metrics and history are called. */
  readonly place: string;
  readonly endpoint: readonly string[];
  /** `clients-info`, `clients-info:NAME`, `manifest:URL` or `vault-registry:URL`. */
  readonly release?: string;
  readonly preset?: string;
  readonly http?: string;
  readonly endOn: readonly number[];
  /** `KEY=VALUE`, any further setting of the client. */
  readonly set: readonly string[];
  /** What follows `--`. */
  readonly args: readonly string[];
}

/** The args file that flags and variables come to, as a value. @throws VisorError `usage` */
export function wrappedFile(line: WrapLine): object {
  const [network = '', client = '', ...more] = line.place.split('/');
  if (network === '' || client === '' || more.length > 0)
    throw usage(`--place ${line.place} is no NETWORK/CLIENT`, 'Say for instance --place kintsugi/vault.');
  const settings: Record<string, unknown> = {
    ...(line.preset !== undefined && { preset: line.preset }),
    release: releaseOf(line.release, client),
    args: line.args,
  };
  for (const said of line.set) putSaid(settings, said);
  if (line.endOn.length > 0) put(settings, 'restart.noRestart.exitCodes', line.endOn);
  return {
    home: line.home,
    networks: {
      [network]: { ...(line.endpoint.length > 0 && { endpoints: line.endpoint }), clients: { [client]: settings } },
    },
    ...(line.http !== undefined && { http: { listen: line.http } }),
  };
}

function releaseOf(said: string | undefined, client: string): object {
  const [, source, rest] = /^(clients-info|manifest|vault-registry)(?::(.+))?$/s.exec(said ?? 'clients-info') ?? [];
  if (source === 'clients-info') return { source, client: rest ?? client };
  if (source !== undefined && rest !== undefined) return { source, url: rest };
  throw usage(
    `--release ${said} names no source of releases`,
    'Say clients-info, clients-info:NAME, manifest:URL or vault-registry:URL.',
  );
}

/** A value is JSON where it can be read as such, else text: `stop.grace=5m`, `keep=2`, `health.probes=[{"log":"ready"}]`. */
function putSaid(settings: Record<string, unknown>, said: string): void {
  const at = said.indexOf('=');
  const key = said.slice(0, at);
  if (at < 1) throw usage(`--set ${said} is no KEY=VALUE`, 'Say for instance --set stop.grace=5m.');
  put(settings, key, readValue(said.slice(at + 1)));
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function put(settings: Record<string, unknown>, key: string, value: unknown): void {
  const steps = key.split('.');
  const last = steps.pop() ?? '';
  let here = settings;
  for (const step of steps) {
    const below = Object.hasOwn(here, step) ? here[step] : undefined;
    const next = typeof below === 'object' && below !== null ? { ...below } : {};
    Object.defineProperty(here, step, { value: next, enumerable: true, configurable: true, writable: true });
    here = next as Record<string, unknown>;
  }
  Object.defineProperty(here, last, { value, enumerable: true, configurable: true, writable: true });
}

const usage = (message: string, next: string): VisorError => new VisorError('usage', message, next);
