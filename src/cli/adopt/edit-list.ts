import { applyEdits, type FormattingOptions, type JSONPath, modify } from 'jsonc-parser';

/** Sets one value in a text of JSON with comments; what is around it stays as it is. `undefined`: takes it out. */
export function edit(text: string, path: JSONPath, value: unknown, more: { isArrayInsertion?: boolean } = {}): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: formatOf(text), ...more }));
}

/** Makes a list what it is to be, word by word, so that the comments between the words that stay are kept. */
export function editList(text: string, path: JSONPath, before: readonly string[], after: readonly string[]): string {
  const lead = sharedLength(before, after);
  const tail = sharedLength(before.slice(lead).reverse(), after.slice(lead).reverse());
  const [from, to] = [before.slice(lead, before.length - tail), after.slice(lead, after.length - tail)];
  let edited = text;
  for (const [index, word] of to.entries()) {
    const at = [...path, lead + index];
    if (index >= from.length) edited = edit(edited, at, word, { isArrayInsertion: true });
    else if (from[index] !== word) edited = edit(edited, at, word);
  }
  for (let extra = from.length; extra > to.length; extra -= 1)
    edited = edit(edited, [...path, lead + extra - 1], undefined);
  return edited;
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const length = a.findIndex((word, index) => word !== b[index]);
  return length < 0 ? Math.min(a.length, b.length) : length;
}

/** As the file itself is written. */
function formatOf(text: string): FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  const isTab = indent.startsWith('\t');
  return { insertSpaces: !isTab, tabSize: isTab ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
