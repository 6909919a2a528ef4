/** A page of docs/reference: its file name and its text. */
export interface Page {
  readonly name: string;
  readonly text: string;
}

/** One that is made from the sources, and says so. */
export function page(name: string, title: string, intro: string, ...parts: readonly string[]): Page {
  const said = 'Made from the sources by `npm run reference`; do not edit it.';
  return { name, text: `${[`# ${title}`, `${intro} ${said}`, ...parts].join('\n\n')}\n` };
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** One line, and no end of a cell in it. */
const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
