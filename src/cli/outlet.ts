import { printable } from '../errors.ts';

/** How our own words are painted (print/paint.ts): SGR of one or two digits. */
const painted = /(\u001b\[\d{1,2}m)/;

/**
 * The last thing that happens to a text before a terminal or a file has it: whatever a chain, a server, a client or a file wrote that a terminal would
 * obey is shown as what it is. Only colours stay, and only where colours are.
 */
export function shown(text: string, areColoursOn: boolean): string {
  if (!areColoursOn) return printable(text);
  return text
    .split(painted)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}
