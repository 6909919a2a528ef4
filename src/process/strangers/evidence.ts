import { basename } from 'node:path';
import type { Command } from './commands.ts';
import type { Traces } from './traces.ts';

/**
 * What shows that these commands are a client of the traces' account, as its program and the telling arguments alone: the others may hold secrets.
 * `null`: nothing does. Another key name than the client's makes another client of the same key file.
 * @param keyed which of the words name a key file of the client, or a copy of one
 */
export function evidenceIn(commands: readonly Command[], keyed: ReadonlySet<string>, traces: Traces): string | null {
  for (const command of commands) {
    const telling = isExcepted(command, traces) ? [] : tellingWords(command, keyed, traces);
    if (telling.length > 0) return [basename(command[0] ?? ''), ...telling].join(' ');
  }
  return null;
}

/** Whether the operator said that this is none. */
export const isExcepted = (command: Command, { except }: Traces): boolean =>
  except.some((text) => command.join(' ').includes(text));

function tellingWords([, ...args]: Command, keyed: ReadonlySet<string>, traces: Traces): readonly string[] {
  const keyName = args.findLast((_, at) => optionOf(args, at) === '--keyname');
  const isOurs = keyName !== undefined && valueIn(keyName) === traces.keyName;
  const isOther = keyName !== undefined && traces.keyName !== null && !isOurs;
  return args.flatMap((word, at) => {
    const tells = (keyed.has(word) && !isOther) || (isOurs && word === keyName) || isTold(word, traces);
    return tells ? [withOption(args, at)] : [];
  });
}

const isTold = (word: string, { isAccount, texts }: Traces): boolean =>
  isAccount?.(valueIn(word)) === true || texts.some((text) => word.includes(text));

/** What a word says: what stands behind an option's `=`, or the word. */
export const valueIn = (word: string): string => (/^-[^=]*=/.test(word) ? word.slice(word.indexOf('=') + 1) : word);

/** The option whose value this word is, in its own form (`--keyfile=…`) or that of two words; `null`: of none. */
export function optionOf(args: readonly string[], at: number): string | null {
  const [before = '', word = ''] = [args[at - 1], args[at]];
  if (word.startsWith('-')) return word.includes('=') ? word.slice(0, word.indexOf('=')) : null;
  return before.startsWith('-') && before !== '--' && !before.includes('=') ? before : null;
}

function withOption(args: readonly string[], at: number): string {
  const word = args[at] ?? '';
  return word.startsWith('-') ? word : [optionOf(args, at), word].filter((part) => part !== null).join(' ');
}
