import { type Command, InvalidArgumentError } from 'commander';
import { type Context, createContext, type GlobalOptions } from '../context.ts';
import { type Group, groups } from './groups.ts';

/** What a command does: its own words and options in, its exit status out. */
export type Do<Options> = (words: string[], options: Options, context: Context) => Promise<number>;

const statuses = new WeakMap<Command, number>();

/** Adds what is to be done. Its room is loaded only then: `help` need not wait for a chain library. */
export function does<Options extends object>(command: Command, load: () => Promise<Do<Options>>): void {
  command.action(async () => {
    const { config, logLevel, logFormat, ...options } = command.optsWithGlobals<Options & GlobalOptions>();
    const said = { ...(config && { config }), ...(logLevel && { logLevel }), ...(logFormat && { logFormat }) };
    const act = await load();
    const context = createContext(said);
    const status = await act(command.args, options as unknown as Options, context).catch(async (thrown: unknown) => {
      throw await (await import('../reader.ts')).toldToMember(thrown, context);
    });
    statuses.set(rootOf(command), status);
  });
}

/**
 * Says where a command stands in `help`, which question it answers there, and how it is used; the description says what it does.
 * @param group `null` for a command below another, which has no groups
 * @param question reads on after "How do I …" where the group's title ends so
 * @param example a command line, understood by the grammar (test/cli/help.test.ts)
 */
export function tells(command: Command, group: Group | null, question: string, ...examples: string[]): void {
  const { title, begins } = groups[group ?? 'look'];
  if (group !== null) command.helpGroup(title);
  command.summary(question);
  const lines = examples.map((example) => `  $ ${example}`).join('\n');
  command.addHelpText('after', `\nAnswers: ${begins}${question}\n\nExample:\n${lines}`);
}

export const exitStatus = (program: Command): number => statuses.get(program) ?? 0;

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

export const placeWords = ['[place]', 'NETWORK or NETWORK/CLIENT; may be left out where there is only one'] as const;

export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value === 0)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}
