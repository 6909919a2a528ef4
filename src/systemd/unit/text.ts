import type { Section } from './facts.ts';

/** Words of a line as systemd reads them back (systemd.syntax(7), "Quoting"; specifiers and variables are not meant). */
export const words = (all: readonly string[]): string => all.map(word).join(' ');

function word(text: string): string {
  const plain = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%$+=:,./-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** The unit as a file. */
export function unitText(head: string, sections: readonly Section[]): string {
  const text = sections.map(({ name, groups }) => {
    const all = groups.map((group) =>
      [
        ...(group.words === '' ? [] : [`# ${group.words}`]),
        ...group.lines.map(({ key, value }) => `${key}=${value}`),
      ].join('\n'),
    );
    return `[${name}]\n${all.join('\n\n')}`;
  });
  return `${head.replace(/^/gm, '# ')}\n\n${text.join('\n\n')}\n`;
}
