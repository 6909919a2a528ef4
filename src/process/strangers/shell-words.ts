/** What ends a simple command. A `$(` or a backquote begins another one. */
const ENDS = new Set([';', '|', '&', '\n', '(', ')', '`']);
const BLANKS = new Set([' ', '\t', '\r']);

/**
 * The simple commands of a shell's text, as words without their quotes: enough to see which programs it names with which arguments. Nothing is expanded.
 */
export function simpleCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word: string | null = null;
  const add = (more: string): void => {
    word = (word ?? '') + more;
  };
  const endWord = (): void => {
    if (word !== null) commands.at(-1)?.push(word);
    word = null;
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (letter === "'" || letter === '"') {
      const end = closing(text, at);
      add(text.slice(at + 1, end).replaceAll(letter === '"' ? /\\(["\\$`])/g : /(?!)/g, '$1'));
      at = end;
    } else if (letter === '\\') {
      at += 1;
      if (text[at] !== '\n') add(text[at] ?? '');
    } else if (letter === '#' && word === null) {
      at = endOfLine(text, at) - 1;
    } else if (BLANKS.has(letter)) endWord();
    else if (ENDS.has(letter) && !isRedirection(text, at)) {
      endWord();
      commands.push([]);
    } else add(letter);
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

/** Where the quote that opens here is closed; the end, where it never is. */
function closing(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** The `&` of `2>&1` and of `&>file`. */
const isRedirection = (text: string, at: number): boolean =>
  text[at] === '&' && (text[at - 1] === '>' || text[at - 1] === '<' || text[at + 1] === '>');
