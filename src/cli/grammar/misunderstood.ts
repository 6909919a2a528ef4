import type { Command, CommanderError } from 'commander';
import { VisorError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';

const more = (command: Command): string => `"${[...namesTo(command), '--help'].join(' ')}" tells more.`;

/** Words that are none of the grammar, with what was probably meant. @throws VisorError `usage`, always */
export function misunderstood(error: CommanderError, words: readonly string[], program: Command): never {
  const command = meantBy(words, program);
  if (error.code === 'commander.help') {
    const below = command.commands.length > 0 ? command : program;
    throw new VisorError('usage', 'A command is missing', `There are: ${namesBelow(below).join(', ')}. ${more(below)}`);
  }
  const [said = ''] = error.message.replace(/^error: /, '').split('\n');
  const meant = suggestion(error.code, said, command, program);
  const next = meant === null ? '' : `Did you mean "${meant}"? `;
  throw new VisorError('usage', said.replace(/\.$/, ''), `${next}${more(command)}`);
}

/** What stands between the first quotes of commander's sentence is the word that was not understood. */
function suggestion(code: string, said: string, command: Command, program: Command): string | null {
  const word = /'([^']*)'/.exec(said)?.[1] ?? '';
  if (code === 'commander.unknownCommand') return nearestCommand(word, command, program);
  if (code === 'commander.unknownOption') return nearestOption(word, command);
  const [, wrong, choices] = /argument '([^']*)' is invalid\. Allowed choices are (.*)\.$/.exec(said) ?? [];
  return wrong === undefined || choices === undefined ? null : nearest(wrong, choices.split(', '));
}

/** Among what may stand here; else among all there is, so that `list` finds `backups list`. */
function nearestCommand(word: string, command: Command, program: Command): string | null {
  const names = namesBelow(command, true);
  // `stat` is the beginning of `status`, though `start` is fewer slips away; of `st` nobody knows whether `stop` is meant
  const begun = names.filter((name) => name.startsWith(word));
  if (begun.length > 1) return null;
  const here = begun[0] ?? nearest(word, names);
  if (here !== null) return [...namesTo(command), here].join(' ');
  const all = program.commands.flatMap((one) => one.commands);
  const other = nearest(
    word,
    all.map((one) => one.name()),
  );
  const found = all.find((one) => one.name() === other);
  return found === undefined ? null : namesTo(found).join(' ');
}

function nearestOption(word: string, command: Command): string | null {
  const own = command.createHelp().visibleOptions(command);
  const inherited = command.createHelp().visibleGlobalOptions(command);
  const known = [...own, ...inherited].flatMap(({ long }) => long ?? []);
  return nearest(word.replace(/=.*$/, ''), known);
}

/** The last command that the words lead to. */
function meantBy(words: readonly string[], from: Command): Command {
  const found = words
    .map((word) => from.commands.find((one) => one.name() === word || one.aliases().includes(word)))
    .find((one) => one !== undefined);
  return found === undefined ? from : meantBy(words.slice(1), found);
}

const namesBelow = (command: Command, withAliases = false): readonly string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .flatMap((one) => [one.name(), ...(withAliases ? one.aliases() : [])]);

const namesTo = (command: Command): readonly string[] =>
  command.parent === null ? [command.name()] : [...namesTo(command.parent), command.name()];
