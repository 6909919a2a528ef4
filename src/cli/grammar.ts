import { Command, CommanderError } from 'commander';
import { VisorError } from '../errors.ts';
import { actCommands } from './grammar/acts.ts';
import { answerCommands } from './grammar/answers.ts';
import { backupCommands } from './grammar/backups.ts';
import { exitStatus } from './grammar/command.ts';
import { runCommands } from './grammar/runs.ts';
import { ownVersion } from './version.ts';

/**
 * Reads the words of a command line and does what they say.
 * @returns the exit status
 * @throws VisorError `usage` for words that are none of the grammar, and whatever the command throws
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  const program = grammar();
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return answered(error, groupOf(words, program));
    throw error;
  }
  return exitStatus(program);
}

function grammar(): Command {
  const program = new Command('vaultvisor')
    .description('Runs the off-chain clients of Substrate chains, and keeps them at the release that the chain names.')
    .option('--config <file>', 'the args file (else VAULTVISOR_CONFIG, else /etc/vaultvisor/args.json)')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'tell what a command does')
    .configureHelp({ sortSubcommands: false })
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  runCommands(program);
  answerCommands(program);
  actCommands(program);
  backupCommands(program);
  return program;
}

/** Help and version were asked for and given; everything else was not understood. */
function answered(error: CommanderError, group: Command): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help')
    throw new VisorError('usage', 'A command is missing', `There are: ${names(group)}. "vaultvisor help" tells more.`);
  const [said = '', hint] = error.message.replace(/^error: /, '').split('\n');
  throw new VisorError(
    'usage',
    said,
    hint ? `${hint} "vaultvisor help" tells more.` : '"vaultvisor help" tells what there is.',
  );
}

/** The command that has further ones below it, if the words are about one. */
const groupOf = (words: readonly string[], program: Command): Command =>
  program.commands.find((command) => command.commands.length > 0 && words.includes(command.name())) ?? program;

const names = ({ commands }: Command): string => commands.map((command) => command.name()).join(', ');
