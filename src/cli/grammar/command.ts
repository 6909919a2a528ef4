import { type Command, InvalidArgumentError } from 'commander';
import { type Context, createContext } from '../context.ts';

/** What a command does: its own words and options in, its exit status out. */
export type Do<Options> = (words: string[], options: Options, context: Context) => Promise<number>;

const statuses = new WeakMap<Command, number>();

/** Adds what is to be done. Its room is loaded only then: `help` need not wait for a chain library. */
export function does<Options extends object>(command: Command, load: () => Promise<Do<Options>>): void {
  command.action(async () => {
    const { config, ...options } = command.optsWithGlobals<Options & { config?: string }>();
    const act = await load();
    const status = await act(command.args, options as unknown as Options, createContext(config));
    statuses.set(rootOf(command), status);
  });
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
