import { clientDefaults } from './client-defaults.ts';
import { type Document, keysAt } from './document.ts';
import { fitPairs } from './pairs.ts';
import { presetArgs, presetSettings } from './presets/presets.ts';
import type { ArgsFile, ClientFile, NetworkFile } from './schema.ts';

/** Each setting with a default is there, at every depth. */
type Filled<File, Defaults> = {
  [Key in keyof File]-?: Key extends keyof Defaults
    ? Defaults[Key] extends readonly unknown[] | string | number | boolean
      ? NonNullable<File[Key]>
      : Filled<NonNullable<File[Key]>, Defaults[Key]>
    : File[Key];
};

/** A client's settings as they are in force, still in the file's own words. */
export type WholeClient = Filled<ClientFile, typeof clientDefaults>;

/** One client of the file with all that it inherits. */
export interface Entry {
  readonly network: string;
  readonly client: string;
  readonly endpoints: readonly string[];
  readonly whole: WholeClient;
}

export interface NetworkEntry {
  readonly name: string;
  readonly file: NetworkFile;
  readonly entries: readonly Entry[];
}

/** In the order of the file. */
export function networkEntries(document: Document, file: ArgsFile): readonly NetworkEntry[] {
  return keysAt(document, ['networks']).flatMap((name) => {
    const network = file.networks[name];
    return network === undefined ? [] : [{ name, file: network, entries: entriesOf(document, file, name, network) }];
  });
}

function entriesOf(document: Document, file: ArgsFile, name: string, network: NetworkFile): readonly Entry[] {
  return keysAt(document, ['networks', name, 'clients']).flatMap((key) => {
    const own = network.clients[key];
    if (own === undefined) return [];
    const endpoints = network.endpoints ?? [];
    return [{ network: name, client: key, endpoints, whole: wholeClient(file.defaults, own, endpoints.length > 0) }];
  });
}

/** What the client says, over the file's `defaults`, over its preset, over our defaults. */
function wholeClient(defaults: ClientFile | undefined, own: ClientFile, hasEndpoint: boolean): WholeClient {
  const said = joined(defaults ?? {}, own) as ClientFile;
  const below = joined(clientDefaults, presetSettings(said));
  const whole = joined(below, said) as WholeClient;
  const withPreset = (args: readonly string[]) => [...args, ...presetArgs({ ...said, args: [...args] }, hasEndpoint)];
  const when = whole.when.map((rule) => (rule.args === undefined ? rule : { ...rule, args: withPreset(rule.args) }));
  return fitPairs({ ...whole, args: withPreset(whole.args), when }, said);
}

/** Objects are joined key by key; lists and single values replace what was there. */
export function joined(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isObject(below) || !isObject(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, joined(below[key], above[key])]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
