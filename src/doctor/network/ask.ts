import { askEndpoint, type EndpointAnswer } from '../../chain/ask-endpoint.ts';
import { sentenceOf } from '../../errors.ts';
import { quietUrls } from '../../quiet-url.ts';
import { loadGenesis } from '../../store/genesis-record.ts';
import { once } from '../check.ts';

/** What one endpoint of a network says. */
export interface Asked {
  readonly network: string;
  /** Without what is secret in it. */
  readonly endpoint: string;
  readonly answer: EndpointAnswer | null;
  /** Why there is no answer. */
  readonly trouble: string | null;
  /** By our clock, when it answered. */
  readonly at: number;
}

export interface AskedNetwork {
  readonly network: string;
  /** Of the file, else what was kept at first contact. */
  readonly genesis: string | null;
  readonly isPinned: boolean;
  readonly endpoints: readonly Asked[];
}

/** For one endpoint, everything included. */
const PATIENCE = 20_000;

/** Asks every endpoint once, by a connection of its own. */
export const askAll = once(
  async ({ networks, home }, signal): Promise<readonly AskedNetwork[]> =>
    Promise.all(
      networks
        .filter(({ endpoints }) => endpoints.length > 0)
        .map(async (network) => ({
          network: network.name,
          genesis: network.genesis ?? (home && (await loadGenesis(home.genesis(network.name)))?.hash) ?? null,
          isPinned: network.genesis !== null,
          endpoints: await Promise.all(network.endpoints.map((endpoint) => askOne(network.name, endpoint, signal))),
        })),
    ),
);

async function askOne(network: string, endpoint: string, signal: AbortSignal): Promise<Asked> {
  const patience = AbortSignal.timeout(PATIENCE);
  const shown = quietUrls(endpoint);
  try {
    const answer = await askEndpoint(endpoint, AbortSignal.any([signal, patience]));
    return { network, endpoint: shown, answer, trouble: null, at: Date.now() };
  } catch (error) {
    const trouble = patience.aborted ? `no answer within ${PATIENCE / 1_000} s` : sentenceOf(error);
    return { network, endpoint: shown, answer: null, trouble, at: Date.now() };
  }
}
