import { printable } from '../../errors.ts';

/** Markup that is safe to send: only `html` makes it, and what is put into it is escaped. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | false | readonly Part[];

/** `html\`<p>${text}</p>\``: texts are escaped, markup and lists of it go in as they are, `null` and `false` are nothing. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: pieces.map((piece, index) => piece + markupOf(parts[index] ?? null)).join('') };
}

function markupOf(part: Part): string {
  if (part === null || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters and overrides of the writing direction are shown, not obeyed. */
const escaped = (text: string): string =>
  printable(text.replace(/\s*[\r\n]+\s*/g, ' ')).replace(/[&<>"']/g, (c) => entities[c] ?? '');
