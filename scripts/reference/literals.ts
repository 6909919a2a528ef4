/** Words that stand in a source, and where the next ones may begin. */
interface Words {
  readonly words: string;
  readonly end: number;
}

/**
 * Reads the string or template that begins at `start`; what a template fills in becomes `…`. `null` where something else stands.
 * `end` is behind the comma that follows.
 */
export function readWords(text: string, start: number): Words | null {
  const quote = text[start] ?? '';
  if (!`'"\``.includes(quote) || quote === '') return null;
  let words = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] === '\\') {
      words += text[at + 1] === 'n' ? ' ' : text[at + 1];
      at += 2;
    } else if (quote === '`' && text.startsWith('${', at)) {
      words += '…';
      at = endOfFilling(text, at + 2);
    } else {
      words += text[at];
      at += 1;
    }
  }
  return { words, end: at + 1 + (/^\s*,\s*/.exec(text.slice(at + 1))?.[0].length ?? 0) };
}

/** Behind the brace that closes what is filled in; templates in it are passed over. */
function endOfFilling(text: string, start: number): number {
  let at = start;
  for (let depth = 1; depth > 0 && at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    else if (text[at] === '`') at = (readWords(text, at)?.end ?? at) - 1;
  }
  return at;
}
