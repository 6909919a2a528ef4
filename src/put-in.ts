import { setTimeout as pause } from 'node:timers/promises';
import { sentenceOf, VisorError } from './errors.ts';
import { readSecrets, referencesIn } from './secrets.ts';

/** What a client is started with. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where what was read is remembered, in memory alone: so that nobody repeats it in a log. */
interface Memory {
  readonly secrets: Set<string>;
}

/**
 * The same with the secrets in it that it names, read at each start.
 * @throws VisorError `config` where one is not there, `permission` where it may not be read
 */
export async function putIn({ args, env }: Start, { secrets }: Memory): Promise<Start> {
  const fill = async (given: string): Promise<string> => {
    const { text, secrets: read } = await readSecrets(given);
    for (const secret of read) secrets.add(secret);
    return text;
  };
  const variables = Object.entries(env).map(async ([name, text]) => [name, await fill(text)] as const);
  const [words, named] = await Promise.all([Promise.all(args.map(fill)), Promise.all(variables)]);
  return { args: words, env: Object.fromEntries(named) };
}

/** Nobody tells when a secret is there again: we look (ms). */
const AGAIN = 2_000;

/**
 * The same for a start. A secret that is gone is no fault of the release: the client waits for it, and neither fails nor counts as one that did.
 * @param blocked told for what it waits, and `null` when it does no longer
 * @throws the signal's reason when aborted meanwhile
 */
export async function putInWhenThere(
  start: Start,
  memory: Memory,
  blocked: (words: string | null) => void,
  signal: AbortSignal,
): Promise<Start> {
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      const filled = await putIn(start, memory);
      if (isWaiting) blocked(null);
      return filled;
    } catch (error) {
      if (!(error instanceof VisorError)) throw error;
      blocked(`${sentenceOf(error)}. ${error.next} It is looked at again every ${AGAIN / 1_000} s`);
      await pause(AGAIN, undefined, { signal });
    }
  }
}

/** Reads each of its secrets that is there, only so that nobody repeats it: one that is gone since cannot be known any more. Never rejects. */
export async function learn({ args = [], env = {} }: Partial<Start>, memory: Memory): Promise<void> {
  const each = [...args, ...Object.values(env)].flatMap(referencesIn);
  await Promise.all(each.map((one) => putIn({ args: [one], env: {} }, memory).catch(() => {})));
}
