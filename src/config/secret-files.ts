import { secretFilesIn } from '../secrets.ts';
import type { ClientConfig } from './settings.ts';

/** The files that the daemon itself puts into the arguments and the environment of a client, of whatever version: an agent's lie where the client is. */
export function secretFilesOf({ agent, settings }: ClientConfig): readonly string[] {
  if (agent !== null) return [];
  const texts = [settings, ...(settings.when ?? [])].flatMap(({ args = [], env = {} }) => [
    ...args,
    ...Object.values(env),
  ]);
  return [...new Set(texts.flatMap(secretFilesIn))];
}
