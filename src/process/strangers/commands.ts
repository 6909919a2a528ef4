import { basename } from 'node:path';
import { bystanders, grammar, launchers, shells } from './programs.ts';
import { simpleCommands } from './shell-words.ts';

/** A program and its arguments: what may be a client of somebody's. */
export type Command = readonly string[];

/** How deep one command line is looked for in another: `sudo sh -c "nohup vault"`. */
const DEPTH = 8;

/**
 * The commands that a command line runs: it itself, or those that it names where it is a shell or a launcher such as `sudo`. Editors, pagers and the
 * like are none, nor is a shell that a person types into.
 */
export function commandsOf(line: readonly string[], depth = DEPTH): readonly Command[] {
  const words = stripped(line);
  const [program, ...rest] = words;
  if (program === undefined || depth === 0) return [];
  const name = basename(program).replace(/^-/, '');
  if (bystanders.has(name)) return [];
  if (shells.has(name)) return ofShell(rest, depth);
  const valued = launchers.get(name);
  if (valued !== undefined) return ofLauncher(rest, valued, depth);
  return [words];
}

/** The commands that a shell's text or script runs. */
export const commandsIn = (text: string, depth = DEPTH): readonly Command[] =>
  simpleCommands(text).flatMap((words) => commandsOf(words, depth - 1));

/** The file whose text a shell runs; `null`: it is none, or is told on its command line. */
export function scriptOf(line: readonly string[]): string | null {
  const [program = '', ...rest] = line;
  if (!shells.has(basename(program))) return null;
  const first = rest.findIndex((word) => !isOption(word));
  return first < 0 || rest.slice(0, first).some(takesText) ? null : (rest[first] ?? null);
}

function ofShell(rest: readonly string[], depth: number): readonly Command[] {
  const at = rest.findIndex((word) => !isOption(word) || takesText(word));
  const found = rest[at];
  if (found === undefined) return [];
  if (!takesText(found)) return [rest.slice(at)];
  // what follows the text are its `$0`, `$1`, …: `sh -c 'while :; do "$@"; done' sh vault --keyfile …`
  return [...commandsIn(rest[at + 1] ?? '', depth), ...commandsOf(rest.slice(at + 2), depth - 1)];
}

function ofLauncher(rest: readonly string[], valued: string, depth: number): readonly Command[] {
  const text = rest.findIndex((word) => word === '-c' || word === '--command');
  const asText = text < 0 || valued.includes('c') ? [] : commandsIn(rest[text + 1] ?? '', depth);
  let at = 0;
  while (at < rest.length && isBefore(rest[at] ?? '')) at += takesValue(rest[at] ?? '', valued) ? 2 : 1;
  return [...asText, ...commandsOf(rest.slice(at), depth - 1)];
}

/** Options, assignments and durations stand between a launcher and its program. */
const isBefore = (word: string): boolean => isOption(word) || isAssignment(word) || /^[\d.]+[smhd]?$/.test(word);

const takesValue = (word: string, valued: string): boolean =>
  word.length === 2 && isOption(word) && valued.includes(word[1] ?? '');

const takesText = (word: string): boolean => /^-[a-z]*c$/.test(word);
const isOption = (word: string): boolean => word.startsWith('-') || word.startsWith('+');
const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);

function stripped(line: readonly string[]): readonly string[] {
  const first = line.findIndex((word) => !isAssignment(word) && !grammar.has(word));
  return first < 0 ? [] : line.slice(first);
}
