/** What interbtc's `runner` was told (interbtc-clients at 67266fe, `runner/src/main.rs:17`; spacewalk has the same). */
export interface RunnerLine {
  readonly clientType: ClientType;
  readonly parachainWs: string;
  /** As it was written: it is seen from the working directory. */
  readonly downloadPath: string;
  readonly clientArgs: readonly string[];
}

const clientTypes = ['vault', 'oracle', 'faucet'] as const;
export type ClientType = (typeof clientTypes)[number];

const flags = ['--client-type', '--parachain-ws', '--download-path'];

/**
 * Reads the words behind `runner` as its clap does: its own flags first, each once, with a blank or `=`; what follows `--` or the first word that is no
 * flag is the client's, `--` and all. It has no short flags, and no variable stands for one.
 * @returns a text: what is wrong, in clap's sense
 */
export function parseRunnerLine(words: readonly string[]): RunnerLine | string {
  const said = new Map<string, string>();
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--' || !word.startsWith('-')) break;
    const sign = word.indexOf('=');
    const flag = sign < 0 ? word : word.slice(0, sign);
    if (!flags.includes(flag)) return `${flag} is no flag of the runner`;
    if (said.has(flag)) return `${flag} is given twice`;
    const value = sign < 0 ? words[++at] : word.slice(sign + 1);
    if (value === undefined || (sign < 0 && value.startsWith('-'))) return `${flag} needs a value`;
    said.set(flag, value);
  }
  const clientArgs = words.slice(words[at] === '--' ? at + 1 : at);
  const parachainWs = said.get('--parachain-ws');
  const clientType = said.get('--client-type') ?? 'vault';
  if (parachainWs === undefined) return '--parachain-ws is missing';
  if (!isClientType(clientType)) return `${clientType} is no client type: there are vault, oracle and faucet`;
  return { clientType, parachainWs, downloadPath: said.get('--download-path') ?? '.', clientArgs };
}

const isClientType = (text: string): text is ClientType => (clientTypes as readonly string[]).includes(text);
