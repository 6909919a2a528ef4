import { dirname, join } from 'node:path';
import { clientsOf } from '../../../config/checks/where.ts';
import { readDocument } from '../../../config/document.ts';
import { configError } from '../../../config/format.ts';
import { parseArgsFile } from '../../../config/load.ts';
import { argsFile } from '../../../config/schema.ts';
import type { ClientConfig, Config } from '../../../config/settings.ts';
import { VisorError } from '../../../errors.ts';
import { homeAt } from '../../../layout.ts';
import { nameOf } from '../../pick.ts';
import { factsOf, type Wanted } from '../facts.ts';
import { addressesFor } from './addresses.ts';
import { argsOfOne } from './args-of-one.ts';
import type { Instance } from './instance.ts';

/**
 * A vaultvisor for each client of an args file.
 * @param wanted of the unit of all: its name begins theirs, its user is that of every client without a `user` of its own
 * @param has whether a client has been run already, by its folder in the home
 * @throws VisorError `usage` where there is one client only, two would have one name, or nothing says who one is; `config` where what comes out is not valid
 */
export function planSplit(
  text: string,
  config: Config,
  wanted: Wanted,
  has: (folder: string) => boolean,
): readonly Instance[] {
  const clients = clientsOf(config);
  const suffixes = clients.map(({ network, client }) => `${network}-${client}`);
  requireSeveral(clients.length, wanted.config);
  requireKnown(clients, wanted.config);
  const file = argsFile.parse(readDocument(text).document.value);
  const listens = addressesFor(config, clients.length);
  return clients.map((client, index) => {
    const suffix = suffixes[index] ?? '';
    const twin = suffixes.indexOf(suffix) === index ? undefined : clients[suffixes.indexOf(suffix)];
    if (twin !== undefined) throw oneName(nameOf(twin), nameOf(client), suffix);
    const { root, data } = homeAt(config.home).instance(client.network, client.client);
    const former = has(root) ? root : null;
    const home = `${config.home}-${suffix}`;
    const listen = listens?.[index] ?? null;
    const { network, client: name } = client;
    const value = argsOfOne(file, { network, client: name, home, listen, data: former && data });
    const own = {
      ...wanted,
      name: `${wanted.name}-${suffix}`,
      config: join(dirname(wanted.config), `${suffix}.json`),
      user: client.settings.user?.name ?? wanted.user,
    };
    const written = JSON.stringify(value);
    const parsed = parseArgsFile(written);
    if (!parsed.ok) throw configError(parsed.problems, own.config);
    const facts = factsOf(written, parsed.config, own);
    return { network, client: name, name: own.name, file: own.config, value, listen, former, facts };
  });
}

function requireSeveral(count: number, file: string): void {
  if (count > 1) return;
  throw new VisorError(
    'usage',
    `${file} has ${count === 0 ? 'no client' : 'one client only'}: there is nothing to split`,
    'The one unit is its own already: vaultvisor systemd --install.',
  );
}

/** Of whom nothing is said is known by its home: in another one it would be somebody else, and the lock of the one would not keep the other out. */
function requireKnown(clients: readonly ClientConfig[], file: string): void {
  const unknown = clients.filter(({ identity }) => identity.rule === 'home').map(nameOf);
  if (unknown.length === 0) return;
  throw new VisorError(
    'usage',
    `Nothing says who ${unknown.join(' and ')} ${unknown.length === 1 ? 'is' : 'are'}: two vaultvisors could run ${unknown.length === 1 ? 'it' : 'them'} at once`,
    `Nothing was written. Say "identity" in ${file}: the account's address, or {"file": …} with its key; then again.`,
  );
}

const oneName = (one: string, other: string, name: string): VisorError =>
  new VisorError(
    'usage',
    `${one} and ${other} would both be called ${name}`,
    'Nothing was written. Write their two args files by hand (docs/bare-metal.md), and a unit for each by --name.',
  );
