import { sentenceOf, VisorError } from '../../errors.ts';
import { failed, type Outcome } from '../outcome.ts';

/** A text with its secrets read. */
export type Fill = (text: string) => Promise<string>;

/** Does it with every secret at hand; that one cannot be read is a failure like another, and what comes back has none of them in its words. */
export async function withSecrets(
  texts: readonly string[],
  fill: Fill,
  act: (filled: readonly string[]) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    const filled = await Promise.all(texts.map(fill));
    const outcome = await act(filled);
    return { ...outcome, words: without(outcome.words, filled) };
  } catch (error) {
    if (error instanceof VisorError) return failed(`${error.message}. ${error.next}`, false);
    throw error;
  }
}

/** A server may repeat what it was sent, and a URL has its secret in its path. */
function without(words: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...(URL.canParse(secret) ? pathsOf(new URL(secret)) : [])]);
  const long = parts.filter((part) => part.length >= 6).sort((a, b) => b.length - a.length);
  return long.reduce((rest, part) => rest.replaceAll(part, '…'), sentenceOf(words));
}

const pathsOf = ({ pathname, search }: URL): readonly string[] => [pathname + search, pathname, search.slice(1)];
