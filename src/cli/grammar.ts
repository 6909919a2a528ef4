import { Command, CommanderError, Help, Option } from 'commander';
import { actCommands } from './grammar/acts.ts';
import { answerCommands } from './grammar/answers.ts';
import { backupCommands } from './grammar/backups.ts';
import { exitStatus } from './grammar/command.ts';
import { containerCommands } from './grammar/containers.ts';
import { groups } from './grammar/groups.ts';
import { misunderstood } from './grammar/misunderstood.ts';
import { moveCommands } from './grammar/moves.ts';
import { notifyCommands } from './grammar/notify.ts';
import { programCommands } from './grammar/program.ts';
import { repairCommands } from './grammar/repairs.ts';
import { runCommands } from './grammar/runs.ts';
import { paintFor } from './print/paint.ts';
import { ownVersion } from './version.ts';

/**
 * Reads the words of a command line and does what they say.
 * @returns the exit status
 * @throws VisorError `usage` for words that are none of the grammar, and whatever the command throws
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  const program = createGrammar();
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // help and version were asked for and given; everything else was not understood
    if (error.exitCode === 0) return 0;
    misunderstood(error, words, program);
  }
  return exitStatus(program);
}

const levels = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** All commands, grouped as `help` shows them. */
export function createGrammar(): Command {
  const program = new Command('vaultvisor')
    .description('Runs the off-chain clients of Substrate chains, and keeps them at the release that the chain names.')
    .option('--config <file>', 'the args file (else VAULTVISOR_CONFIG, else /etc/vaultvisor/args.json)')
    .addOption(
      new Option('--log-level <level>', 'how much our own log on stderr says')
        .choices(levels)
        .env('VAULTVISOR_LOG_LEVEL'),
    )
    .addOption(
      new Option('--log-format <format>', 'how it says that: pretty on a terminal, else json')
        .choices(['pretty', 'json'])
        .env('VAULTVISOR_LOG_FORMAT'),
    )
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'tell what a command does')
    .configureHelp({
      sortSubcommands: false,
      showGlobalOptions: true,
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join('|'),
      optionDescription: withoutFalse,
      groupItems: inOrder,
      styleTitle: (title) => paintFor({ isTTY: true }, {})('bold', title),
    })
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError(false)
    .exitOverride();
  runCommands(program);
  answerCommands(program);
  actCommands(program);
  repairCommands(program);
  backupCommands(program);
  moveCommands(program);
  notifyCommands(program);
  containerCommands(program);
  programCommands(program);
  program.addHelpText(
    'after',
    `
Example:
  $ vaultvisor status --watch

"vaultvisor help COMMAND" tells more of each.`,
  );
  return program;
}

const titles: readonly string[] = Object.values(groups).map(({ title }) => title);

/** As commander groups them, the groups in our order, whichever command was added first. */
function inOrder<Item extends Command | Option>(all: Item[], shown: Item[], groupOf: (item: Item) => string) {
  const grouped = [...new Help().groupItems(all, shown, groupOf)];
  return new Map(grouped.sort(([a], [b]) => titles.indexOf(a) - titles.indexOf(b)));
}

/** That a flag is off unless it is given goes without saying. */
function withoutFalse(option: Option): string {
  const said =
    option.defaultValue === false ? Object.assign(Object.create(option), { defaultValue: undefined }) : option;
  return new Help().optionDescription(said as Option);
}
