import { type Command, InvalidArgumentError, Option } from 'commander';
import { does, tells } from './command.ts';

/** What is the entry point of a container (docs/containers.md). */
export function containerCommands(program: Command): void {
  const wrap = program
    .command('wrap')
    .description('run one client without an args file, as the main process of a container: flags, or their variables')
    .usage('[options] -- [client arguments]')
    .argument('[arguments...]', "the client's own arguments; {endpoint}, {data} and the like are filled in")
    .addOption(said('--home <folder>', 'where everything is kept: the volume', 'HOME').default('/var/lib/vaultvisor'))
    .addOption(said('--place <place>', 'NETWORK/CLIENT: what it is called', 'PLACE').makeOptionMandatory())
    .addOption(
      said('--endpoint <url...>', 'nodes to read the chain from', 'ENDPOINT').argParser(several).default([], 'none'),
    )
    .addOption(
      said(
        '--release <source>',
        'clients-info[:NAME], manifest:URL or vault-registry:URL; clients-info if nothing is said',
        'RELEASE',
      ),
    )
    .addOption(said('--preset <name>', 'settings that suit a client', 'PRESET'))
    .addOption(said('--http <address>', 'where metrics and the page are served', 'HTTP'))
    .addOption(
      said(
        '--end-on <status...>',
        "the client's exit statuses after which it is not started again, and this ends with the same",
        'END_ON',
      )
        .argParser(statuses)
        .default([], 'none'),
    )
    .addOption(
      said('--set <key=value...>', 'any further setting of the client, such as stop.grace=5m', 'SET')
        .argParser(lines)
        .default([], 'none'),
    )
    .option('--skip-guard', 'start it at once: it has no copy on another machine', false);
  tells(
    wrap,
    'start',
    'run one client as the main process of a container?',
    'vaultvisor wrap --place kintsugi/vault --endpoint wss://node.example.org --preset interbtc-vault -- --keyfile /run/secrets/key.json --keyname vault',
  );
  does(wrap, async () => (await import('../commands/wrap.ts')).wrap);

  const agent = program
    .command('agent')
    .description(
      "run one client in its own container, for a daemon in another; the daemon never sees the client's secrets",
    )
    .requiredOption('--socket <path>', 'where it listens: in a folder of mode 0700 that both containers share')
    .option('--locks <folder>', "where the clients' locks lie (else VAULTVISOR_LOCKS, else `locks` beside the socket)");
  tells(
    agent,
    'start',
    "run a client in its own image, beside the daemon's?",
    'vaultvisor agent --socket /vv/run/agent.sock',
  );
  does(agent, async () => (await import('../commands/agent.ts')).agent);
}

/** A flag that may be given as a variable too. */
const said = (flags: string, description: string, variable: string): Option =>
  new Option(flags, description).env(`VAULTVISOR_${variable}`);

/** Each flag adds to those before; a variable holds several, with spaces or commas between. */
const several = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(/[\s,]+/).filter((one) => one !== ''),
];

/** Values may hold spaces: a variable has a line for each. */
const lines = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split('\n').filter((one) => one.trim() !== ''),
];

function statuses(text: string, before: readonly number[] = []): readonly number[] {
  const read = several(text).map(Number);
  if (read.some((status) => !Number.isInteger(status) || status < 0 || status > 255))
    throw new InvalidArgumentError('It must be exit statuses, from 0 to 255.');
  return [...before, ...read];
}
