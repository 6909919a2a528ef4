import { clashes } from './checks/clashes.ts';
import { heldIdentity } from './checks/identities.ts';
import { readDocument } from './document.ts';
import { resolveIdentity } from './identity.ts';
import { type Problem, problemsOf } from './problem.ts';
import type { Config } from './settings.ts';

/**
 * Clients whose key files have other names and the same content: set-up scripts make such copies. Reads the key
 * files, so it stands beside `parseArgsFile`, which reads nothing; takes the same text. Never throws.
 */
export async function findKeyCopies(text: string, config: Config): Promise<readonly Problem[]> {
  const held = config.networks.flatMap((network) =>
    network.clients.map(async (client) => {
      const identity = await resolveIdentity(client.identity, { ...client, home: config.home });
      return heldIdentity(network, client, identity);
    }),
  );
  return problemsOf(readDocument(text).document, clashes(await Promise.all(held)));
}
