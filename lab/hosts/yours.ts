/** What a file of deploy/ says of a line that is to be changed by whoever uses it. */
const MARK = /#.*\byours\b/;

/**
 * Puts our own lines in the place of those that the file marks as its user's (`# yours`), and changes no other: what is run is what is shipped.
 * @param lines by what the former one begins with; a line that ends with `|` has its block replaced too
 * @throws Error where there is no such line, more than one, or one that is not marked
 */
export function fillIn(text: string, lines: Readonly<Record<string, string>>): string {
  return Object.entries(lines).reduce(replaceLine, text);
}

function replaceLine(text: string, [begin, own]: readonly [begin: string, own: string]): string {
  const all = text.split('\n');
  const found = all.flatMap((line, index) => (bare(line).startsWith(begin) ? [index] : []));
  const [index] = found;
  const former = all[index ?? -1];
  if (index === undefined || former === undefined || found.length > 1)
    throw new Error(`${found.length} lines begin with ${begin}`);
  if (!MARK.test(former)) throw new Error(`not marked as its user's: ${former}`);
  const isBlock = /\|\s*#/.test(former);
  const after = all.slice(index + 1);
  const end = isBlock ? after.findIndex((line) => indentOf(line) <= indentOf(former)) : 0;
  const indent =
    former.slice(0, indentOf(former)) + (former.trimStart().startsWith('- ') && !own.startsWith('- ') ? '- ' : '');
  return [...all.slice(0, index), `${indent}${own}`, ...after.slice(end < 0 ? after.length : end)].join('\n');
}

const bare = (line: string): string => line.trimStart().replace(/^- /, '');

const indentOf = (line: string): number => line.length - line.trimStart().length;
