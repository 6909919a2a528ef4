import { printable } from '../errors.ts';

/** Words of a stranger as part of one line of ours: escaped, no line ends, not too long. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ')).slice(0, 300);
}
