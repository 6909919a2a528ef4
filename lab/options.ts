import { Command, InvalidArgumentError, Option } from 'commander';
import type { Experiment, Options } from './experiment.ts';

/** What a person asked `npm run lab` for. */
export interface Asked {
  /** Experiments by name; none: all. */
  readonly names: readonly string[];
  readonly size: Options['size'];
  readonly seed: number;
  readonly rounds: number | null;
  readonly workers: number;
  /** Run with this defect only; `null`: without, and a full run then tries each defect in its short form. */
  readonly defect: string | null;
  /** Leave the scratch folder where it is. */
  readonly keep: boolean;
  /** Do not try the defects, and write nothing. */
  readonly plain: boolean;
  /** Run nothing, and write the page from what was recorded. */
  readonly page: boolean;
}

/** The same, as commander has it. */
interface Said {
  readonly short: boolean;
  readonly seed?: number;
  readonly rounds?: number;
  readonly workers: number;
  readonly defect?: string;
  readonly keep: boolean;
  readonly plain: boolean;
  readonly page: boolean;
}

/** Ends the process, with words, for what is not known or where help is asked for. */
export function parseAsked(words: readonly string[], experiments: readonly Experiment[]): Asked {
  const names = experiments.map(({ name }) => name);
  const command = new Command('npm run lab --')
    .description(
      'Puts the promises to the proof, and writes what came out to docs/reliability.md. Ends with 1 where one was broken, or a deliberate defect not caught.',
    )
    .argument('[names...]', `experiments; none: all. ${names.join(', ')}`, (name: string, before: string[] = []) => {
      if (!names.includes(name)) throw new InvalidArgumentError(`There are ${names.join(', ')}.`);
      return [...before, name];
    })
    .option('--short', 'as the tests run it; nothing is written', false)
    .option('--seed <n>', 'the same seed makes the same choices', whole)
    .option('--rounds <n>', 'else as many as the goal asks for', whole)
    .addOption(new Option('--workers <n>', 'at one time').argParser(whole).default(1))
    .option('--defect <name>', 'on a program that is broken on purpose: it must be caught', (name: string) => {
      if (!experiments.some(({ defects }) => name in defects)) throw new InvalidArgumentError('No experiment has it.');
      return name;
    })
    .option('--plain', 'try no defects, and write nothing', false)
    .option('--keep', 'leave the scratch folder where it is', false)
    .option('--page', 'run nothing, and write the page anew from what was recorded', false)
    .addHelpText('after', `\n${experiments.map(told).join('\n')}`)
    .showHelpAfterError('(--help names the experiments and their defects)')
    .parse(words, { from: 'user' });
  const { short, seed, rounds, workers, defect, keep, plain, page } = command.opts<Said>();
  return {
    names: command.args,
    size: short ? 'short' : 'full',
    seed: seed ?? Date.now() % 2 ** 31,
    rounds: rounds ?? null,
    workers,
    defect: defect ?? null,
    keep,
    plain,
    page,
  };
}

const told = ({ name, promise, defects }: Experiment): string =>
  [
    `${name}: ${promise}`,
    ...Object.entries(defects).map(([defect, { words }]) => `  --defect '${defect}': ${words}`),
  ].join('\n');

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It is a whole number.');
  return number;
}
