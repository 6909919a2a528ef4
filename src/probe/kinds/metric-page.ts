/**
 * The value of a metric on a page in Prometheus' text format; several series of the name (other labels) are summed.
 * `null`: the page has no such metric. `NaN` and infinities come out as they are.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function sumOf(page: string, name: string): number | null {
  let sum: number | null = null;
  for (const line of linesOf(page)) {
    const value = sampleOf(line, name);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

function* linesOf(page: string): Generator<string> {
  for (let start = 0; start < page.length; ) {
    const end = page.indexOf('\n', start);
    const stop = end === -1 ? page.length : end;
    yield page.slice(start, stop).trim();
    start = stop + 1;
  }
}

function sampleOf(line: string, name: string): number | null {
  if (!line.startsWith(name)) return null;
  const after = line.slice(name.length).trimStart();
  const isOther = after.length === line.length - name.length && !after.startsWith('{');
  if (isOther) return null;
  const rest = after.startsWith('{') ? after.slice(endOfLabels(after)) : after;
  return numberOf(rest.trimStart().split(/\s/, 1)[0] ?? '');
}

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
