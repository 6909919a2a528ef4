import { readNetworkOnce } from '../../chain/read-once.ts';
import { nameOnChain } from '../../config/known-networks.ts';
import type { Release } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Answers } from './answers.ts';

/** What a chain shows to who meets it for the first time. */
export interface Met {
  readonly genesis: string;
  readonly specVersion: number | null;
  readonly block: number | null;
  /** Milliseconds until all of it was there. */
  readonly took: number;
  readonly release: Release | null;
  /** Bytes, where its host says so. */
  readonly size: number | null;
  /** Why its release cannot be read. */
  readonly trouble: string | null;
}

const PATIENCE = 30_000;

/** Connects as the daemon would. @throws VisorError `network` where it does not answer, `protocol` where it is another chain */
export async function lookAtChain({ network, known, preset, endpoint }: Answers, log: Log): Promise<Met> {
  const began = performance.now();
  const sources = new Map([['client', { source: 'clients-info', client: nameOnChain(preset) } as const]]);
  const options = { network, endpoints: [endpoint], genesis: null, sources, log };
  const { state, announcements, troubles } = await readNetworkOnce(options, AbortSignal.timeout(PATIENCE)).catch(
    (error: unknown) => {
      if (!(error instanceof VisorError)) throw error;
      throw new VisorError(
        error.code,
        error.message,
        'Nothing was written. Name another node with --endpoint, or go on without looking: --offline.',
        { cause: error },
      );
    },
  );
  const took = performance.now() - began;
  const genesis = state.genesis ?? '';
  if (known?.genesis && known.genesis !== genesis)
    throw new VisorError(
      'protocol',
      `${new URL(endpoint).host} is a node of another chain than ${known.title}: its block 0 is ${genesis}`,
      'Nothing was written. Name a node of that network, or call the network otherwise.',
    );
  const release = announcements.get('client')?.current ?? null;
  return {
    genesis,
    specVersion: state.specVersion,
    block: state.finalized?.number ?? null,
    took,
    release,
    size: release?.uri ? await sizeOf(release.uri) : null,
    trouble: troubles.get('client')?.message ?? null,
  };
}

/** By HEAD; not every host answers that, and nothing depends on it. */
async function sizeOf(uri: string): Promise<number | null> {
  try {
    const { ok, headers } = await fetch(uri, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    const length = Number(headers.get('content-length') ?? Number.NaN);
    return ok && Number.isSafeInteger(length) && length > 0 ? length : null;
  } catch {
    return null;
  }
}
