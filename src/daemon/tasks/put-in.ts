import { type Filled, readSecrets } from '../../secrets.ts';
import type { Cell } from '../instance/cell.ts';

/** What a client is started with. */
interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The same with the secrets in it that it names. Read at each start, and kept in memory alone: so that nobody repeats them in a log.
 * @throws VisorError `config` where one is not there, `permission` where it may not be read
 */
export async function putIn({ args, env }: Start, { secrets }: Pick<Cell, 'secrets'>): Promise<Start> {
  const fill = async (given: string): Promise<string> => told(await readSecrets(given));
  const told = ({ text, secrets: read }: Filled): string => {
    // a client that repeats a key of several lines does so line by line
    for (const line of read.flatMap((secret) => secret.split('\n'))) secrets.add(line);
    return text;
  };
  const variables = Object.entries(env).map(async ([name, text]) => [name, await fill(text)] as const);
  return { args: await Promise.all(args.map(fill)), env: Object.fromEntries(await Promise.all(variables)) };
}
