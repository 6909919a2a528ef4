import { redactArgs, redactValue } from '../../config/redact.ts';
import type { Running } from './running.ts';

/** The same without its secrets, for a terminal and whoever looks over a shoulder; and how many there were. */
export function quiet(running: Running): { readonly running: Running; readonly hidden: number } {
  const words = redactArgs(running.words);
  const env = redactValue(running.env) as Readonly<Record<string, string>>;
  const hidden =
    words.filter((word, at) => word !== running.words[at]).length +
    Object.entries(env).filter(([name, value]) => value !== running.env[name]).length;
  return { running: { ...running, words, env, runner: running.runner && redactArgs(running.runner) }, hidden };
}
