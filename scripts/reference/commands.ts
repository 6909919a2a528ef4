import type { Argument, Command, Option } from 'commander';
import { createGrammar } from '../../src/cli/grammar.ts';
import { code, type Page, page, table } from './page.ts';

/** Every command with its words and options, from the grammar that reads the command line. */
export function commandsPage(): Page {
  const program = createGrammar();
  return page(
    'commands.md',
    'Reference: commands',
    'Every command, argument and option, from the grammar that reads the command line. What they print tells [commands.md](../commands.md).',
    '## For every command',
    optionTable(program.options),
    ...program.commands.flatMap((command) => sectionsOf(command, '')),
  );
}

function sectionsOf(command: Command, above: string): readonly string[] {
  const name = `${above}${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((below) => sectionsOf(below, `${name} `));
  const usage = [
    'vaultvisor',
    name,
    ...command.registeredArguments.map(wordOf),
    command.options.length > 0 ? '[options]' : '',
  ]
    .filter(Boolean)
    .join(' ');
  const also = command.aliases().length > 0 ? `Also called ${command.aliases().map(code).join(', ')}.` : '';
  const told = command.registeredArguments.filter(({ description }) => description);
  return [
    `## ${name}`,
    `${code(usage)}`,
    `${sentence(command.description())} ${also}`.trim(),
    ...(told.length > 0
      ? [
          table(
            ['word', ''],
            told.map((word) => [code(wordOf(word)), word.description]),
          ),
        ]
      : []),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
  ];
}

const optionTable = (options: readonly Option[]): string =>
  table(
    ['option', '', 'default'],
    options
      .filter(({ hidden }) => !hidden)
      .map(({ flags, description, defaultValue, argChoices }) => [
        code(flags),
        `${description}${argChoices ? ` (${argChoices.join(', ')})` : ''}`,
        defaultValue === undefined || defaultValue === false ? '' : code(String(defaultValue)),
      ]),
  );

const wordOf = (word: Argument): string => {
  const name = `${word.name()}${word.variadic ? '...' : ''}`;
  return word.required ? `<${name}>` : `[${name}]`;
};

const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
