/** The settings of one section of a unit with its drop-ins, in their order; an empty value takes back those before it (systemd.service(5)). */
export function settingsIn(text: string, section: string): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, readonly string[]>();
  let isInside = false;
  for (const line of logicalLines(text)) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) isInside = heading === section;
    const [, key, value = ''] = isInside ? (/^(\w+)\s*=\s*(.*)$/s.exec(line) ?? []) : [];
    if (key !== undefined) all.set(key, value === '' ? [] : [...(all.get(key) ?? []), value]);
  }
  return all;
}

/** A backslash at the end joins lines, and comments between them are left out (systemd.syntax(7)). */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    const isOpen = line.endsWith('\\');
    open += isOpen ? `${line.slice(0, -1)} ` : line;
    if (isOpen) continue;
    if (open.trim() !== '') lines.push(open.trim());
    open = '';
  }
  return open.trim() === '' ? lines : [...lines, open.trim()];
}

/** The words of an ExecStart=, with the variables that are known; what stands before its program (`-`, `@`, `+`) is no part of it. */
export function wordsOf(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  const [program = '', ...rest] = split(line, env);
  const bare = program.replace(/^[@\-:+!|]+/, '');
  // `@program argv0 args`
  return [bare, ...(/^[-:+!|]*@/.test(program) ? rest.slice(1) : rest)];
}

/** The words of Environment=: `A=1 "B=2 3"`. */
export const assignmentsOf = (line: string): readonly string[] => split(line, {});

function split(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  const words: string[] = [];
  const pattern = /\s*((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+)/gs;
  for (const [, word = ''] of line.matchAll(pattern)) {
    const bare = /^\$(\w+)$/.exec(word)?.[1];
    // a variable that stands alone is as many words as it holds
    if (bare !== undefined) words.push(...(env[bare] ?? `$${bare}`).split(/\s+/).filter((one) => one !== ''));
    else words.push(expanded(unquoted(word), env));
  }
  return words;
}

const unquoted = (word: string): string =>
  word.replace(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\\(.)/gs, (_, double, single, escaped) =>
    escaped === undefined ? unescaped(double ?? single) : unescaped(`\\${escaped}`),
  );

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', s: ' ' };

const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter);

const expanded = (word: string, env: Readonly<Record<string, string>>): string =>
  word
    .replace(/\$\$|\$\{(\w+)\}/g, (whole, name?: string) => (name === undefined ? '$' : (env[name] ?? whole)))
    .replaceAll('%%', '%');
