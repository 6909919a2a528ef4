/** How wide lines may be: a terminal's own width; a file or a pipe has none. */
export const widthOf = (stream: { isTTY?: boolean; columns?: number }): number =>
  stream.isTTY === true ? Math.max(40, stream.columns || 80) : Number.POSITIVE_INFINITY;

/** What has no width. */
const colour = /\u001b\[\d{1,2}m/g;

/** Columns that it takes: colours take none. */
export const lengthOf = (text: string): number => [...text.replace(colour, '')].length;

/** A line as several, cut between words, the further ones indented; a `command to copy` stays whole, also if it is longer than a line. */
export function wrap(line: string, width: number, indent: number): string {
  if (lengthOf(line) <= width) return line;
  const lines: string[] = [];
  let current = '';
  for (const word of line.match(/ *(?:`[^`]*`|[^ `])+/g) ?? []) {
    if (current.trim() !== '' && lengthOf(current) + lengthOf(word) > width) {
      lines.push(current);
      current = ' '.repeat(indent) + word.trimStart();
    } else current += word;
  }
  return [...lines, current].join('\n');
}

/** The beginning of a text that has to fit. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
