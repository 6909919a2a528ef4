/** Which series of a metric are meant: of this name, with these labels and whatever others. */
export interface Selector {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** A metric's name, with labels in braces where only some of its series are meant: `redeem_count{status="open"}` (PromQL, with `=` alone). */
export function selectorOf(text: string): Selector {
  const brace = text.indexOf('{');
  if (brace === -1) return { name: text, labels: new Map() };
  return { name: text.slice(0, brace).trim(), labels: labelsIn(text.slice(brace)) };
}

/** The labels of a text in braces; braces, commas and escaped quotes may stand in their values. */
export function labelsIn(text: string): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g);
  return new Map([...pairs].map(([, label = '', value = '']) => [label, unescaped(value)]));
}

const unescaped = (value: string): string => value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
