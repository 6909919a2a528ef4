import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export const paintFor = (stream: { isTTY?: boolean }, env = process.env): Paint =>
  hasColours(stream, env) ? (style, text) => styleText(style, text, { validateStream: false }) : plain;

/**
 * Colours are for terminals. NO_COLOR takes them away (https://no-color.org), whatever else is said; CLICOLOR_FORCE (https://bixense.com/clicolors) and
 * FORCE_COLOR (https://force-color.org, and Node's own) have them elsewhere too, as in a CI's log.
 */
export function hasColours(stream: { isTTY?: boolean }, env = process.env): boolean {
  if (env['NO_COLOR']) return false;
  const isForced = [env['CLICOLOR_FORCE'], env['FORCE_COLOR']].some((word) => word && word !== '0' && word !== 'false');
  return isForced || (stream.isTTY === true && env['TERM'] !== 'dumb');
}
