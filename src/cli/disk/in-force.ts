import { keptClient, placedClients } from '../../config/accepted-record.ts';
import { parseArgsFile } from '../../config/load.ts';
import type { ClientConfig, Config } from '../../config/settings.ts';
import { foldersOf } from '../../daemon/folders.ts';
import type { Home } from '../../layout.ts';
import type { Located } from '../home.ts';
import { nameOf, type Placed } from '../pick.ts';

/** A client that the disk knows. */
export interface Known extends Placed {
  readonly config: ClientConfig;
  /** Whether the file names it. */
  readonly configured: boolean;
  /** Neither the file nor what was kept of an earlier one names it: a folder that was left behind. */
  readonly forgotten: boolean;
}

/** In the order of the file that was accepted last, or of the present one where none ever was; what it does not name comes last. */
export async function clientsOnDisk(located: Located): Promise<readonly Known[]> {
  const config = configInForce(located);
  const named = config === null ? [] : placedClients(config).map(({ client }) => known(client, true, false));
  const kept = Object.entries(located.accepted?.kept ?? {}).flatMap(([place, text]) => keptClient(text, place) ?? []);
  const all = [...named, ...kept.map(({ client }) => known(client, false, false))];
  const places = new Set(all.map(nameOf));
  const others = (await foldersOf(located.home)).filter((one) => !places.has(nameOf(one)));
  return [...all, ...others.flatMap((one) => usual(one, located.home)).map((c) => known(c, false, config !== null))];
}

/** What the next look at a client is measured by; `null` where no file of it can be read. */
export function configInForce({ text, accepted }: Pick<Located, 'text' | 'accepted'>): Config | null {
  for (const each of [accepted?.text, text]) {
    const parsed = typeof each === 'string' ? parseArgsFile(each) : null;
    if (parsed?.ok) return parsed.config;
  }
  return null;
}

const known = (config: ClientConfig, configured: boolean, forgotten: boolean): Known => {
  const { network, client } = config;
  return { network, client, config, configured, forgotten };
};

/** Nothing says how it is configured: the defaults judge it. */
function usual({ network, client }: Placed, { root }: Home): readonly ClientConfig[] {
  const release = { source: 'manifest', url: 'file:///dev/null' };
  const parsed = parseArgsFile(
    JSON.stringify({ home: root, networks: { [network]: { clients: { [client]: { release } } } } }),
  );
  return parsed.ok ? placedClients(parsed.config).map((placed) => placed.client) : [];
}
