import type { ClientFile } from '../schema.ts';
import { interbtcFaucet } from './interbtc-faucet.ts';
import { interbtcOracle } from './interbtc-oracle.ts';
import { interbtcVault } from './interbtc-vault.ts';
import type { PresetName } from './names.ts';
import type { Preset } from './preset.ts';
import { saidOf } from './said.ts';
import { spacewalkVault } from './spacewalk-vault.ts';

const presets: Readonly<Record<PresetName, Preset>> = {
  'interbtc-vault': interbtcVault,
  'interbtc-oracle': interbtcOracle,
  'interbtc-faucet': interbtcFaucet,
  'spacewalk-vault': spacewalkVault,
};

/** What the preset that the operator named gives to a client; of none, nothing. */
export function presetSettings(said: ClientFile): ClientFile {
  return said.preset === undefined ? {} : presets[said.preset].settings(saidOf(said));
}

/**
 * The arguments that the preset adds, behind the operator's own: clap takes no flag twice, and a subcommand has to come first. Where the
 * network has no endpoint the client's own default stays.
 */
export function presetArgs(said: ClientFile, hasEndpoint: boolean): readonly string[] {
  if (said.preset === undefined || !hasEndpoint) return [];
  const words = saidOf(said);
  return presets[said.preset].flags.flatMap(([flag, variable, value]) =>
    words.has(flag) || words.value(flag, variable ?? undefined) !== null ? [] : [flag, value],
  );
}
