import type { Argument, Command, Option } from 'commander';

/** A word that may stand next, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly tells: string;
}

/** What may stand next: words, a file's name, or one of the clients. */
export type Next =
  | { readonly is: 'words'; readonly words: readonly Candidate[] }
  | { readonly is: 'file' }
  | { readonly is: 'place' };

const nothing: Next = { is: 'words', words: [] };
const file: Next = { is: 'file' };

/**
 * What may stand in the place of the last word, by the grammar that reads the line: a new command or option is completed as soon as it is there.
 * @param words all after the program's name, the last being the one that is written (perhaps empty)
 */
export function nextOf(words: readonly string[], program: Command): Next {
  // bash cuts `--option=value` at the `=`
  const said = words.filter((word) => word !== '=');
  const current = words.at(-1) === '=' ? '' : (said.pop() ?? '');
  const { command, operands, awaits } = read(said, program);
  const isOption = current.startsWith('-');
  const next =
    awaits !== null ? choicesOf(awaits) : isOption ? optionsOf(command, said) : operandOf(command, operands, program);
  return next.is === 'words' ? { is: 'words', words: next.words.filter(({ word }) => word.startsWith(current)) } : next;
}

interface Read {
  readonly command: Command;
  readonly operands: number;
  /** An option whose value comes next. */
  readonly awaits: Option | null;
}

function read(said: readonly string[], program: Command): Read {
  let [command, operands, awaits]: [Command, number, Option | null] = [program, 0, null];
  for (const word of said) {
    if (awaits !== null) awaits = null;
    else if (word.startsWith('-')) awaits = valued(word, command);
    else {
      const below: Command | undefined = operands > 0 ? undefined : visible(command).find((one) => isCalled(one, word));
      if (below === undefined) operands += 1;
      else command = below;
    }
  }
  return { command, operands, awaits };
}

/** An option that takes a value, which is not in the same word. */
function valued(word: string, command: Command): Option | null {
  const option = allOptions(command).find(({ long, short }) => long === word || short === word);
  return option !== undefined && (option.required || option.optional) ? option : null;
}

function choicesOf({ argChoices, flags }: Option): Next {
  if (argChoices !== undefined) return { is: 'words', words: argChoices.map((word) => ({ word, tells: '' })) };
  return /<file>|<path>|<folder>/.test(flags) ? file : nothing;
}

function optionsOf(command: Command, said: readonly string[]): Next {
  const words = allOptions(command).flatMap(({ long, description }) =>
    long == null || said.includes(long) ? [] : [{ word: long, tells: description }],
  );
  return { is: 'words', words };
}

function operandOf(command: Command, operands: number, program: Command): Next {
  if (command.name() === 'help' || (operands === 0 && visible(command).length > 0))
    return { is: 'words', words: visible(command.name() === 'help' ? program : command).flatMap(namesOf) };
  const expected: Argument | undefined = command.registeredArguments[operands];
  if (expected === undefined) return nothing;
  const { argChoices } = expected;
  if (argChoices !== undefined) return { is: 'words', words: argChoices.map((word) => ({ word, tells: '' })) };
  if (expected.description.includes('NETWORK/CLIENT')) return { is: 'place' };
  return /file|path/.test(expected.name()) ? file : nothing;
}

const namesOf = (command: Command): readonly Candidate[] =>
  [command.name(), ...command.aliases()].map((word) => ({ word, tells: command.summary() || command.description() }));

const visible = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);

const isCalled = (command: Command, word: string): boolean =>
  command.name() === word || command.aliases().includes(word);

function allOptions(command: Command): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}
