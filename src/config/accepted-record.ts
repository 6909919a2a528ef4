import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VisorError } from '../errors.ts';
import { parseArgsFile } from './load.ts';
import type { ClientConfig, Config, NetworkConfig } from './settings.ts';

/** The args file that was accepted last, and for each client that it no longer names but that still runs, the one that did. */
export interface AcceptedRecord {
  readonly schema: 1;
  /** The path that the operator gave. */
  readonly file: string;
  readonly text: string;
  /** By `network/client`: the text of the last accepted file that named it. */
  readonly kept: Readonly<Record<string, string>>;
}

const record = z.strictObject({
  schema: z.literal(1),
  file: z.string(),
  text: z.string(),
  kept: z.record(z.string(), z.string()),
});

/** `null` where none was ever accepted. @throws VisorError `config` where it is damaged or of a newer version. */
export async function readAccepted(path: string): Promise<AcceptedRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return record.parse(JSON.parse(text));
  } catch (cause) {
    throw new VisorError(
      'config',
      `The last accepted configuration, ${path}, is damaged or of a newer version`,
      'Remove it, or run the version of vaultvisor that wrote it.',
      { cause },
    );
  }
}

/** A client, with the network as the file that names it has it. */
export interface Placed {
  readonly network: NetworkConfig;
  readonly client: ClientConfig;
}

export const placeOf = ({ network, client }: ClientConfig): string => `${network}/${client}`;

export function placedClients({ networks }: Config): readonly Placed[] {
  return networks.flatMap((network) => network.clients.map((client) => ({ network, client })));
}

/** A client as an earlier file had it; `null` where that file can no longer be read. */
export function keptClient(text: string, place: string): Placed | null {
  const parsed = parseArgsFile(text);
  return parsed.ok ? (placedClients(parsed.config).find(({ client }) => placeOf(client) === place) ?? null) : null;
}
