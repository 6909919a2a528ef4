/** The clients that have a preset: what suits them stands in the file of that name. */
export const presetNames = ['interbtc-vault', 'interbtc-oracle', 'interbtc-faucet', 'spacewalk-vault'] as const;

export type PresetName = (typeof presetNames)[number];
