import { quietly, secretsOf, sought } from '../../config/quiet-words.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import { occupant, serving } from '../../core/occupancy.ts';
import type { Log } from '../../log.ts';
import type { Start } from '../../put-in.ts';

/** Keeps what a client is given to itself, whoever repeats it. */
export interface Discretion {
  /** The same without the client's secrets. */
  quiet<T>(value: T): T;
  /** A log in which they do not stand. */
  log(log: Log): Log;
}

/**
 * Of the file, and of what runs still or did before: an edit does not make a former secret public.
 * @param read those that the file only names, once they were read
 */
export function createDiscretion(
  config: () => ClientConfig,
  value: () => Instance | null,
  read: ReadonlySet<string>,
): Discretion {
  let known: Known | null = null;

  /** Looked for anew only after an edit, an event or a start: each line of a log asks. */
  function secrets(): readonly string[] {
    const of = { config: config(), value: value(), read: read.size };
    if (known?.config !== of.config || known.value !== of.value || known.read !== of.read)
      known = { ...of, secrets: sought([...startsOf(of.config, of.value).flatMap(secretsOf), ...read]) };
    return known.secrets;
  }
  const quiet = <T>(said: T): T => quietly(said, secrets());
  return { quiet, log: (log) => discreet(log, quiet) };
}

interface Known {
  readonly config: ClientConfig;
  readonly value: Instance | null;
  readonly read: number;
  readonly secrets: readonly string[];
}

/** All that the client may be or have been started with, as far as that is kept. */
export function startsOf({ settings }: ClientConfig, instance: Instance | null): readonly Partial<Start>[] {
  const formers = instance?.formers.map(({ deployment }) => deployment) ?? [];
  const held = instance === null ? [] : [occupant(instance.slot), serving(instance)?.deployment ?? null];
  return [settings, ...(settings.when ?? []), ...formers, ...held.flatMap((one) => one ?? [])];
}

const discreet = (log: Log, quiet: <T>(value: T) => T): Log => ({
  debug: (context, message) => log.debug(quiet(context), message),
  info: (context, message) => log.info(quiet(context), message),
  warn: (context, message) => log.warn(quiet(context), message),
  error: (context, message) => log.error(quiet(context), message),
  child: (bindings) => discreet(log.child(bindings), quiet),
});
