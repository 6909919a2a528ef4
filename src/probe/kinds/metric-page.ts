import { labelsIn, type Selector, selectorOf } from './series.ts';

/**
 * The value of a metric on a page in Prometheus' text format; several series of the name (other labels) are summed, and braces in the name
 * say which of them: `redeem_count{status="open"}`. `null`: the page has no such metric. `NaN` and infinities come out as they are.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function sumOf(page: string, name: string): number | null {
  return over(page, name, (sum, value) => sum + value);
}

/** The same where the least of several series counts. */
export function leastOf(page: string, name: string): number | null {
  return over(page, name, Math.min);
}

function over(page: string, name: string, join: (one: number, other: number) => number): number | null {
  const selector = selectorOf(name);
  let all: number | null = null;
  for (const line of linesOf(page)) {
    const value = sampleOf(line, selector);
    if (value !== null) all = all === null ? value : join(all, value);
  }
  return all;
}

function* linesOf(page: string): Generator<string> {
  for (let start = 0; start < page.length; ) {
    const end = page.indexOf('\n', start);
    const stop = end === -1 ? page.length : end;
    yield page.slice(start, stop).trim();
    start = stop + 1;
  }
}

function sampleOf(line: string, { name, labels }: Selector): number | null {
  if (!line.startsWith(name)) return null;
  const after = line.slice(name.length).trimStart();
  const isOther = after.length === line.length - name.length && !after.startsWith('{');
  if (isOther) return null;
  const split = after.startsWith('{') ? endOfLabels(after) : 0;
  if (labels.size > 0 && !has(labelsIn(after.slice(0, split)), labels)) return null;
  const rest = after.slice(split);
  return numberOf(rest.trimStart().split(/\s/, 1)[0] ?? '');
}

const has = (all: Selector['labels'], some: Selector['labels']): boolean =>
  [...some].every(([label, value]) => (all.get(label) ?? '') === value);

/** The index behind the closing brace; braces and escaped quotes may stand in a label's value. */
function endOfLabels(text: string): number {
  let isQuoted = false;
  for (let index = 1; index < text.length; index += 1) {
    const char = text[index];
    if (isQuoted && char === '\\') index += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === '}' && !isQuoted) return index + 1;
  }
  return text.length;
}

function numberOf(token: string): number {
  if (/^[+-]?inf$/i.test(token)) return token.startsWith('-') ? -Infinity : Infinity;
  return token === '' ? Number.NaN : Number(token);
}
