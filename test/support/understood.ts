import { createGrammar } from '../../src/cli/grammar.ts';

/** What a command line has that the grammar does not know: a command or options; empty: it is understood. */
export function unknownIn(line: string): readonly string[] {
  const words = line.split(' ');
  const program = createGrammar();
  const first = program.commands.find((one) => one.name() === words[1] || one.aliases().includes(words[1] ?? ''));
  if (words[0] !== 'vaultvisor' || first === undefined) return [words.slice(0, 2).join(' ')];
  const command = first.commands.find((one) => one.name() === words[2]) ?? first;
  const known = [...program.options, ...command.options].map(({ long }) => long);
  return words.filter((word) => word.startsWith('--') && !known.includes(word));
}
