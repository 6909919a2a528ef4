import { quietly, secretsOf, sought } from '../../config/quiet-words.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import { occupant, serving } from '../../core/occupancy.ts';
import type { Log } from '../../log.ts';

/** Keeps what a client is given to itself, whoever repeats it. */
export interface Discretion {
  /** The same without the client's secrets. */
  quiet<T>(value: T): T;
  /** A log in which they do not stand. */
  log(log: Log): Log;
}

/**
 * Of the file, and of what runs still: an edit does not make a former secret public.
 * @param read those that the file only names, once they were read
 */
export function createDiscretion(
  config: () => ClientConfig,
  value: () => Instance | null,
  read: ReadonlySet<string>,
): Discretion {
  function secrets(): readonly string[] {
    const instance = value();
    const held = instance === null ? [] : [occupant(instance.slot), serving(instance)?.deployment ?? null];
    const { settings } = config();
    const given = [settings, ...(settings.when ?? []), ...held.flatMap((one) => one ?? [])];
    return sought([...given.flatMap(secretsOf), ...read]);
  }
  const quiet = <T>(said: T): T => quietly(said, secrets());
  return { quiet, log: (log) => discreet(log, quiet) };
}

const discreet = (log: Log, quiet: <T>(value: T) => T): Log => ({
  debug: (context, message) => log.debug(quiet(context), message),
  info: (context, message) => log.info(quiet(context), message),
  warn: (context, message) => log.warn(quiet(context), message),
  error: (context, message) => log.error(quiet(context), message),
  child: (bindings) => discreet(log.child(bindings), quiet),
});
