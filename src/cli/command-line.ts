import { asVisorError, failureText } from './failure.ts';
import { runCommand } from './grammar.ts';

/** Does what a command line says, and tells on stderr what went wrong. @returns the exit status */
export async function commandLine(words: readonly string[]): Promise<number> {
  try {
    return await runCommand(words);
  } catch (thrown) {
    return fail(thrown);
  }
}

/** In two lines, whatever it was. @returns the exit status */
export function fail(thrown: unknown): number {
  const error = asVisorError(thrown);
  process.stderr.write(`${failureText(error)}\n`);
  return error.exitStatus;
}
