import type { Account } from '../account.ts';
import type { Millis } from '../core/release.ts';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';
import { bareEnvironment, withEmptyFolder } from './empty-folder.ts';
import { type Ending, howItEnded, lastWords, runOnce } from './run-once.ts';

export interface PreflightRequest {
  readonly program: string;
  /**
   * The operator's own for this purpose, never what the client serves with: arguments for the program (`--version`), or, where the first
   * is an absolute path, a command that is told of the program: by `{program}` in its words, else as its last one.
   */
  readonly command: readonly string[];
  /** Whom it is run as, as the client is. */
  readonly as?: Account | null;
  /** How long it may take; 5 s. */
  readonly limit?: Millis;
}

const usualLimit = 5_000;

/**
 * Runs a new program once, to see that it can start at all, while the old one still serves. It gets nothing to do harm with:
 * no configured arguments and environment, an empty folder, a few seconds; then its whole group is killed, as a client
 * that does not know the flag begins to serve.
 * @throws VisorError with its last line, if it does not end with 0 in time.
 */
export async function preflight(request: PreflightRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { program, command, limit = usualLimit, as = null } = request;
  const words = [...(as?.words ?? []), ...preflightWords(program, command)];
  const ending = await withEmptyFolder('preflight', as, (cwd) =>
    runOnce({ words, cwd, env: bareEnvironment(cwd), limit }, signal).catch((thrown: unknown) => {
      throw withWords('The preflight cannot be run (it needs `timeout` of coreutils)', thrown);
    }),
  );
  signal.throwIfAborted();
  if (ending.code !== 0 || ending.isLate) throw failure(request, ending);
}

/** What is executed. */
export function preflightWords(program: string, command: readonly string[]): readonly string[] {
  const filled = command.map((word) => word.replaceAll('{program}', program));
  const isCommand = command[0]?.startsWith('/') || command[0]?.startsWith('{program}');
  if (!isCommand) return [program, ...filled];
  return command.some((word) => word.includes('{program}')) ? filled : [...filled, program];
}

function failure({ program, command, limit = usualLimit }: PreflightRequest, ending: Ending): VisorError {
  const words = preflightWords(program.slice(program.lastIndexOf('/') + 1), command).join(' ');
  const next = ending.isLate
    ? 'Name a command as "preflight" that ends by itself (a client that does not know a flag may begin to serve).'
    : 'The former release goes on; tell whoever publishes this one, or correct "preflight" of the client.';
  return new VisorError(
    'config',
    `The preflight \`${printable(words)}\` ${howItEnded(ending, limit)}. ${lastWords(ending)}`,
    next,
  );
}
