/** What an args file may hold; keys whose value is `undefined` are left out. */
export type Draft =
  | string
  | number
  | boolean
  | null
  | readonly Draft[]
  | { readonly [key: string]: Draft | undefined }
  | Noted;

const NOTE = Symbol('note');

/** A value with the comment that stands above its key. */
interface Noted {
  readonly [NOTE]: string;
  readonly value: Draft;
}

export const noted = (note: string, value: Draft): Noted => ({ [NOTE]: note, value });

/** Wide enough for a word of a URL, narrow enough for a terminal beside an editor. */
const WIDTH = 110;

/** JSON with comments, as a person would have written it: a flag and its value stand on one line. */
export function jsonc(value: Draft, indent = ''): string {
  if (isNoted(value)) return jsonc(value.value, indent);
  if (Array.isArray(value)) return listText(value as readonly Draft[], indent);
  if (typeof value === 'object' && value !== null)
    return objectText(value as { readonly [key: string]: Draft | undefined }, indent);
  return JSON.stringify(value);
}

const isNoted = (value: Draft): value is Noted => typeof value === 'object' && value !== null && NOTE in value;

function objectText(value: { readonly [key: string]: Draft | undefined }, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(value).flatMap(([key, held]) => {
    if (held === undefined) return [];
    const note = isNoted(held) ? comment(held[NOTE], inner) : '';
    return [`${note}${inner}${JSON.stringify(key)}: ${jsonc(held, inner)}`];
  });
  if (lines.length === 0) return '{}';
  const short = `{ ${lines.map((line) => line.trim()).join(', ')} }`;
  const isFlat = !lines.some((line) => line.trim().startsWith('//') || line.includes('\n'));
  const isShort = indent.length + short.length < WIDTH && !Object.values(value).some(isDeep);
  return isFlat && isShort && indent !== '' ? short : `{\n${lines.join(',\n')}\n${indent}}`;
}

/** What holds an object is written over several lines, that its keys can be found. */
const isDeep = (value: Draft | undefined): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isNoted(value);

function listText(list: readonly Draft[], indent: string): string {
  const words = list.map((item) => jsonc(item, `${indent}  `));
  const line = `[${words.join(', ')}]`;
  if (indent.length + line.length < WIDTH && !line.includes('\n')) return line;
  return `[\n${rows(list, words)
    .map((row) => `${indent}  ${row}`)
    .join(',\n')}\n${indent}]`;
}

/** A word that begins with a hyphen begins a line, unless it is the value of the one before. */
function rows(list: readonly Draft[], words: readonly string[]): readonly string[] {
  const all: string[][] = [];
  for (const [index, word] of words.entries()) {
    const said = list[index];
    const row = all.at(-1);
    const isValue = typeof said === 'string' && !said.startsWith('-') && row?.length === 1 && row[0]?.startsWith('"-');
    if (isValue) row?.push(word);
    else all.push([word]);
  }
  return all.map((row) => row.join(', '));
}

function comment(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && indent.length + line.length + word.length < WIDTH)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}// ${line}\n`).join('');
}
