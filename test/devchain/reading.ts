import type { DevChain } from '../../devchain/dev-chain.ts';

/** One raw JSON-RPC request over HTTP: bytes as the node sends them, past every decoder. */
export async function request(chain: Pick<DevChain, 'endpoint'>, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(chain.endpoint.replace('ws:', 'http:'), {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result ?? null;
}

/** Hex, or null where nothing is stored; at the head, or at a block's hash. */
export const rawStorage = (chain: DevChain, key: string, hash?: string): Promise<string | null> =>
  request(chain, 'state_getStorage', hash === undefined ? [key] : [key, hash]) as Promise<string | null>;

interface ReadEvent {
  readonly name: string;
  /** The event's fields in SCALE, as hex: polkadot's own JSON prints a checksum as text where it looks like text. */
  readonly data: string;
  readonly phase: string;
}

export async function eventsAt(chain: DevChain, hash: string): Promise<ReadEvent[]> {
  const { query } = await chain.api().at(hash);
  const records = (await query['system']!['events']!()) as unknown as Iterable<EventRecord>;
  return [...records].map(({ event, phase }) => ({
    name: `${event.section}.${event.method}`,
    data: event.data.toHex(),
    phase: phase.type,
  }));
}

interface EventRecord {
  readonly event: { readonly section: string; readonly method: string; readonly data: { toHex(): string } };
  readonly phase: { readonly type: string };
}
