/** A command line that a page shows, as a reader would type it. */
export interface Shown {
  readonly page: string;
  /** Without prompt, `sudo`, comment and what it is piped into. */
  readonly line: string;
}

/** What the pages call; whatever else stands in a block without a language is a drawing. */
const programs = /^(?:sudo )?(?:vaultvisor|docker|git|npm|npx|sha256sum|systemctl|install|rm|kubectl|useradd) /;

/** Every command line in the blocks of a page: of a console those behind the prompt, of the others those that call a program. */
export function shownCommands(page: string, text: string): readonly Shown[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, language = '', block = '']) =>
    linesOf(language, block.replaceAll(/\\\n\s*/g, ''))
      .flatMap((line) => line.replace(/\s+# .*$/, '').split(' && '))
      .map((line) => ({
        page,
        line: line
          .replace(/^sudo /, '')
          .replace(/ [|>] .*$/, '')
          .trim(),
      })),
  );
}

function linesOf(language: string, block: string): readonly string[] {
  const lines = block.split('\n');
  if (language === 'console') return lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
  return ['', 'sh', 'bash'].includes(language) ? lines.filter((line) => programs.test(`${line} `)) : [];
}

/** The commands of vaultvisor that a page names in its text: `vaultvisor NAME …`. */
export const namedCommands = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/`vaultvisor ([a-z]+)\b[^`]*`/g)].map(([, name = '']) => name)),
];

/** What a page's consoles show below each command line of theirs; without a word of it the line alone stands there. */
export function shownOutputs(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split(/^[$#] /m).map((part) => {
      const [line = '', ...output] = part.trimEnd().split('\n');
      return [line, output.join('\n')] as const;
    }),
  );
  return new Map(found.filter(([line, output]) => line !== '' && output !== ''));
}
