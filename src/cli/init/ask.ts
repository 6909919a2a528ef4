import { cancel, intro, select, text } from '@clack/prompts';
import { knownNetworks } from '../../config/known-networks.ts';
import { presetNames } from '../../config/presets/names.ts';
import { VisorError } from '../../errors.ts';
import { faults, knownNetwork, type Said } from './answers.ts';

const OTHER = 'another network';

/** Asks on a terminal for what was not said. @throws VisorError `usage` where a person leaves */
export async function ask(said: Said, file: string): Promise<Said> {
  intro(`A first args file: ${file}`);
  const network = said.network ?? (await askNetwork());
  const known = knownNetwork(network);
  const preset = said.preset ?? (await choose('Which client?', known?.presets ?? presetNames));
  const endpoint =
    said.endpoint ??
    (await write('Which node is the chain read from? Your own is best.', faults.endpoint, known?.endpoint));
  const keyfile = said.keyfile ?? (await write('Where is its key file?', faults.keyfile, '/etc/vaultvisor/key.json'));
  const keyname = said.keyname ?? (await write('What is the key called in it (--keyname)?', faults.keyname));
  const usual = usualPorts[preset];
  const port =
    said.clientPort ?? (usual && (await write('At which port does it serve its page?', faults.clientPort, usual)));
  return { ...said, network, preset, endpoint, keyfile, keyname, ...(port && { clientPort: port }) };
}

/** As docs/clients.md has them; the oracle serves no page. */
const usualPorts: Readonly<Record<string, string>> = {
  'interbtc-vault': '9615',
  'interbtc-faucet': '3033',
  'spacewalk-vault': '9616',
};

async function askNetwork(): Promise<string> {
  const chosen = await choose('Which network?', [...knownNetworks.map(({ name }) => name), OTHER]);
  return chosen === OTHER ? write('What is it to be called?', faults.network) : chosen;
}

async function choose(message: string, options: readonly string[]): Promise<string> {
  return answered(await select({ message, options: options.map((value) => ({ value, label: titleOf(value) })) }));
}

const titleOf = (value: string): string => knownNetwork(value)?.title ?? value;

async function write(message: string, fault: (text: string) => string | null, usual?: string): Promise<string> {
  const asked = {
    message,
    ...(usual !== undefined && { placeholder: usual, defaultValue: usual }),
    validate: (value: string | undefined) => {
      const wrong = fault(value === undefined || value === '' ? (usual ?? '') : value);
      return wrong === null ? undefined : `It must be ${wrong}.`;
    },
  };
  return answered(await text(asked));
}

/** What is no text is the sign that a person left. */
function answered(value: string | symbol): string {
  if (typeof value === 'string') return value;
  cancel('Left.');
  throw new VisorError('usage', 'You left before the end', 'Nothing was written.');
}
