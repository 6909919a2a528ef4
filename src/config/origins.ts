import { clientDefaults } from './client-defaults.ts';
import type { Entry } from './inherit.ts';
import { presetArgs, presetSettings } from './presets/presets.ts';
import { redactValue } from './redact.ts';
import type { ArgsFile, ClientFile } from './schema.ts';

/** One setting of a client in force, and which layer said it. */
export interface Origin {
  /** Such as `networks.kintsugi.clients.vault.stop.grace`. */
  readonly path: string;
  /** Without secrets. */
  readonly value: unknown;
  readonly origin: string;
}

interface Layer {
  readonly origin: string;
  readonly settings: unknown;
}

/** Where each setting of a client comes from; the topmost layer that has it is the one. */
export function originsOf({ network, client, endpoints, whole }: Entry, file: ArgsFile): readonly Origin[] {
  const own = file.networks[network]?.clients[client] ?? {};
  const said: ClientFile = { ...file.defaults, ...own };
  const preset = `preset ${said.preset}`;
  const layers: readonly Layer[] = [
    { origin: 'client', settings: own },
    { origin: 'defaults', settings: file.defaults },
    { origin: preset, settings: presetSettings(whole) },
    { origin: 'built in', settings: clientDefaults },
  ];
  const added = presetArgs({ ...whole, args: own.args ?? file.defaults?.args }, endpoints.length > 0).length > 0;
  const quiet = redactValue(whole) as object;
  return leavesOf(quiet).map(({ path, value }) => {
    const origin = layers.find(({ settings }) => has(settings, path))?.origin ?? 'built in';
    const isMixed = added && path[0] === 'args';
    return {
      path: ['networks', network, 'clients', client, ...path].join('.'),
      value,
      origin: isMixed ? `${origin}, and ${preset}` : origin,
    };
  });
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A list is one setting: it is replaced as a whole. */
function leavesOf(held: object): readonly Leaf[] {
  return Object.entries(held).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (!isObject(value) || Object.keys(value).length === 0) return [{ path: [key], value }];
    return leavesOf(value).map((leaf) => ({ path: [key, ...leaf.path], value: leaf.value }));
  });
}

const has = (settings: unknown, path: readonly string[]): boolean =>
  path.reduce<unknown>((held, key) => (isObject(held) ? held[key] : undefined), settings) !== undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
