import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { groups } from '../../src/cli/grammar/groups.ts';
import { createGrammar } from '../../src/cli/grammar.ts';

const program = createGrammar();
const below = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
const all = below(program).flatMap((command) => [command, ...below(command)]);
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

/** As `--help` prints it, the lines after it too. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (words) => (text += words), getOutHelpWidth: () => 80 }).outputHelp();
  return text;
}

test('what is below a command is listed by questions too, its help among them', () => {
  for (const command of [program, ...program.commands.filter(({ commands }) => commands.length > 0)])
    expect(helpOf(command), command.name()).toMatch(/^ {2}help +What does a command do\?$/m);
});

test('help has its groups in the order in which an operator thinks, and nothing stands outside of them', () => {
  const text = helpOf(program);
  const titles = Object.values(groups).map(({ title }) => title);
  const found = text.split('\n').filter((line) => titles.includes(line as (typeof titles)[number]));
  expect(found).toEqual(titles);
  expect(text).not.toContain('Commands:');
});

describe.each(all.map((command) => [nameOf(command), command] as const))('%s', (name, command) => {
  const text = helpOf(command);

  test('says which question it answers, also in the list above it, and fits into 80 columns', () => {
    const [, question = ''] = /^Answers: (.+)$/m.exec(text) ?? [];
    expect(question).toMatch(/^[A-Z].*\?$/);
    expect(question.endsWith(command.summary())).toBe(true);
    expect(command.description()).not.toBe('');
    const tooLong = text.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $ '));
    expect(tooLong).toEqual([]);
  });

  test('has examples that are understood', () => {
    const examples = [...text.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = '']) => line);
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      const words = example.replace(/ [|>] .*$/, '').split(' ');
      expect(words[0]).toBe('vaultvisor');
      const [meant, ...rest] = leadingTo(words.slice(1), program);
      expect(`${nameOf(meant)} `).toMatch(new RegExp(`^${name} `));
      const { operands, unknown } = meant.parseOptions(rest);
      const known = program.options.flatMap(({ long }) => long ?? []);
      expect(unknown.filter((word) => word.startsWith('-') && !known.includes(word))).toEqual([]);
      expect(operands.length).toBeGreaterThanOrEqual(
        meant.registeredArguments.filter(({ required }) => required).length,
      );
    }
  });
});

/** The command that the words begin with, and the words after it. */
function leadingTo([word, ...rest]: readonly string[], from: Command): readonly [Command, ...string[]] {
  const next = from.commands.find((one) => one.name() === word);
  return next === undefined ? [from, ...(word === undefined ? [] : [word]), ...rest] : leadingTo(rest, next);
}
