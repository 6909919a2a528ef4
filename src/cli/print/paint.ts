import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** Colours for a terminal whose owner did not say NO_COLOR (https://no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, env = process.env): Paint {
  const isWanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return isWanted ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}
