import { basename } from 'node:path';
import type { PresetName } from '../../config/presets/names.ts';
import { saidOf } from '../../config/presets/said.ts';
import { type Command, commandsOf } from '../../process/strangers/commands.ts';
import { parseRunnerLine, type RunnerLine } from '../runner/runner-line.ts';

/** Flags that only a client of a chain has; the variables that stand for them too. */
const telling = [
  '--btc-parachain-url',
  '--spacewalk-parachain-url',
  '--keyfile',
  '--keyname',
  '--keyring',
  '--stellar-vault-secret-key-filepath',
  '--bitcoin-rpc-url',
  '--oracle-config',
  '--allowance-config',
];

/** Whether these words start a client, and not what only starts one. */
export const isClientLine = (words: readonly string[]): boolean =>
  runnerIn(words) === null && words.some((word) => telling.includes(word.split('=')[0] ?? ''));

/** The old runner among the commands of a command line, with what it was told; `null`: there is none. */
export function runnerIn(words: readonly string[]): { readonly command: Command; readonly line: RunnerLine } | null {
  for (const command of commandsOf(words)) {
    if (!command.some((word) => /^--parachain-ws(=|$)/.test(word))) continue;
    const line = parseRunnerLine(command.slice(1));
    if (typeof line !== 'string') return { command, line };
  }
  return null;
}

/** The client among the commands that a command line names: `sudo sh -c "exec vault --keyfile …"`; where none looks like one, the last. */
export function clientIn(words: readonly string[]): Command {
  const commands = commandsOf(words);
  return commands.find(isClientLine) ?? commands.at(-1) ?? words;
}

/** Which of the known clients this is, by its flags, by what the runner was told, by its name; `null`: none that we know. */
export function presetOf(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  clientType: string | null,
): PresetName | null {
  const said = saidOf({ args, env });
  const has = (...flags: readonly string[]): boolean => flags.some((flag) => said.has(flag));
  const isSpacewalk =
    has('--spacewalk-parachain-url', '--stellar-vault-secret-key-filepath', '--stellar-overlay-config-filepath') ||
    env['SPACEWALK_PARACHAIN_URL'] !== undefined;
  if (isSpacewalk) return 'spacewalk-vault';
  const name = clientType ?? /(?:^|[-_])(vault|oracle|faucet)(?:[-_]|$)/.exec(basename(program))?.[1];
  if (name === 'oracle' || has('--oracle-config')) return 'interbtc-oracle';
  if (name === 'faucet' || has('--allowance-config', '--http-addr')) return 'interbtc-faucet';
  return name === 'vault' || has('--bitcoin-rpc-url', '--btc-parachain-url') ? 'interbtc-vault' : null;
}

/** The node that a client is told; `null`: it takes its own default. */
export function endpointOf([, ...args]: readonly string[], env: Readonly<Record<string, string>>): string | null {
  const said = saidOf({ args, env });
  return said.value('--btc-parachain-url') ?? said.value('--spacewalk-parachain-url', 'SPACEWALK_PARACHAIN_URL');
}
