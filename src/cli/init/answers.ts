import { isAbsolute } from 'node:path';
import { type KnownNetwork, knownNetworks } from '../../config/known-networks.ts';
import { type PresetName, presetNames } from '../../config/presets/names.ts';
import { VisorError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';

/** What may be said on the command line; what is missing is asked for on a terminal, and an error elsewhere. */
export interface Said {
  readonly network?: string;
  readonly preset?: string;
  readonly endpoint?: string;
  readonly keyfile?: string;
  readonly keyname?: string;
  readonly account?: string;
  readonly clientPort?: string;
}

/** All that a first args file needs to know. */
export interface Answers {
  readonly network: string;
  readonly known: KnownNetwork | null;
  readonly preset: PresetName;
  readonly endpoint: string;
  readonly keyfile: string;
  readonly keyname: string;
  readonly account: string | null;
  /** Where the client serves its metrics; `null`: where it always does. */
  readonly clientPort: string | null;
}

/** `null`: it will do. */
export const faults = {
  network: (text: string): string | null =>
    /^[a-z0-9][a-z0-9._-]{0,62}$/.test(text) ? null : 'lower-case letters, digits, dots, underscores and hyphens',
  preset: (text: string): string | null =>
    (presetNames as readonly string[]).includes(text) ? null : `one of ${presetNames.join(', ')}`,
  endpoint: (text: string): string | null =>
    URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol) ? null : 'a URL that begins with wss:// or ws://',
  keyfile: (text: string): string | null =>
    isAbsolute(text) ? null : 'an absolute path, such as /etc/vaultvisor/key.json',
  keyname: (text: string): string | null => (text.trim() === '' ? 'the name of the key in that file' : null),
  home: (text: string): string | null => (isAbsolute(text) ? null : 'an absolute path, such as /var/lib/vaultvisor'),
  clientPort: (text: string): string | null =>
    /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536 ? null : 'a port, 1 to 65535',
};

export const knownNetwork = (name: string): KnownNetwork | null =>
  knownNetworks.find((one) => one.name === name) ?? null;

/** @throws VisorError `usage` with the flag that is missing, or is none */
export function answersOf(said: Said): Answers {
  const network = need(said.network, '--network', faults.network);
  const known = knownNetwork(network);
  return {
    network,
    known,
    preset: need(said.preset, '--preset', faults.preset) as PresetName,
    endpoint: need(said.endpoint ?? known?.endpoint, '--endpoint', faults.endpoint, unknownWords(network)),
    keyfile: need(said.keyfile, '--keyfile', faults.keyfile),
    keyname: need(said.keyname, '--keyname', faults.keyname),
    account: said.account ?? null,
    clientPort: said.clientPort === undefined ? null : need(said.clientPort, '--client-port', faults.clientPort),
  };
}

/** Before anybody is asked. @throws VisorError `usage` where it can be no home */
export const requireHome = (home: string): string => need(home, '--home', faults.home);

/** Why a network needs an endpoint to be said: it may be mistyped. */
function unknownWords(network: string): string {
  const names = knownNetworks.map(({ name }) => name);
  const meant = nearest(network, names);
  return `${network} is none of the networks that are known (${names.join(', ')})${meant === null ? '.' : `: did you mean ${meant}?`} `;
}

function need(value: string | undefined, flag: string, fault: (text: string) => string | null, why = ''): string {
  if (value === undefined)
    throw new VisorError(
      'usage',
      `${flag} is missing`,
      `${why}Say it, or say init on a terminal: there you are asked. Nothing was written.`,
    );
  const wrong = fault(value);
  if (wrong === null) return value;
  throw new VisorError('usage', `${flag} ${value} is not understood`, `It must be ${wrong}. Nothing was written.`);
}
