import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGrammar } from '../src/cli/grammar.ts';
import { argsSchemaText } from '../src/config/json-schema.ts';
import { parseArgsFile } from '../src/config/load.ts';
import { exitStatuses } from '../src/errors.ts';
import { createMetrics } from '../src/observe/metrics.ts';
import { instance, look, network } from './support/looks.ts';

// What is written for people must stay true of the program: it is compared with the program's own lists.
const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).flatMap((name) =>
    name.endsWith('.md') ? [`docs/${name}`] : [],
  ),
];
const rowOf = (page: string, key: string) =>
  page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${key}\``));

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly default?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');
  const schema = JSON.parse(argsSchemaText()) as Schema;

  /** Every key that may be written, with its default: as the page writes it, counted from the network, client or list that it is in. */
  function keysOf({ $ref, ...here }: Schema, path: string): readonly (readonly [string, unknown])[] {
    if ($ref !== undefined) return keysOf(schema.$defs?.[$ref.split('/').at(-1) ?? ''] ?? {}, '');
    const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = here;
    const own = Object.entries(properties).flatMap(([key, below]) => {
      const name = path === '' ? key : `${path}.${key}`;
      return [...(isGroup(below) ? [] : [[name, below.default] as const]), ...keysOf(below, name)];
    });
    const further = [items, additionalProperties].flatMap((one) => (typeof one === 'object' ? keysOf(one, '') : []));
    return [...own, ...further, ...[...anyOf, ...oneOf].flatMap((one) => keysOf(one, path))];
  }

  /** Written only to hold other keys. */
  const isGroup = ({ properties, anyOf = [], oneOf = [] }: Schema): boolean =>
    properties !== undefined || [...anyOf, ...oneOf].some((one) => one.properties?.['source'] !== undefined);

  const keys = [...new Map(keysOf(schema, ''))];

  test('there are keys to compare', () => expect(keys.length).toBeGreaterThan(50));

  test.each(keys)('names %s', (key, usual) => {
    const row = rowOf(page, key) ?? (page.includes(`\`${key}\``) ? '' : undefined);
    expect(row).toBeDefined();
    if (usual !== undefined) expect(row).toContain(`\`${JSON.stringify(usual)}\``);
  });
});

describe('docs/commands.md', () => {
  const page = read('docs/commands.md');
  const program = createGrammar();
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  const names = commands.flatMap((command) => [
    command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`,
    ...command.aliases(),
  ]);
  const options = new Set(
    [program, ...commands].flatMap((command) => command.options.flatMap(({ long }) => long ?? [])),
  );

  test.each(names)('has a heading for %s', (name) => expect(page).toMatch(new RegExp(`^## .*\\b${name}\\b`, 'm')));

  test.each([...options])('tells of %s', (option) => expect(page).toMatch(new RegExp(`${option}\\b`)));

  test.each([0, 3, 4, ...Object.values(exitStatuses)])('tells what exit %i means', (status) =>
    expect(rowOf(page, String(status))).toBeDefined(),
  );

  test.each(Object.keys(instance({})))('tells of `%s` in status --json', (key) =>
    expect(rowOf(page, key)).toBeDefined(),
  );

  test.each([...Object.keys(network()), ...Object.keys(look([], []).daemon)])(
    'tells of %s of a network or the daemon',
    (key) => expect(page).toMatch(new RegExp(`[\`"]${key}["\`]`)),
  );

  test.each(eventsOf(['src/core/notices', 'src/daemon']))('tells of the event %s', (event) =>
    expect(rowOf(page, event)).toBeDefined(),
  );
});

test('docs/metrics.md names every metric, and no other', async () => {
  const page = read('docs/metrics.md');
  const text = await createMetrics().text(look([instance({})], [network()]));
  const own = [...text.matchAll(/^# TYPE (\S+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/_(process|nodejs)_/.test(name));
  const told = [...page.matchAll(/^\| `(vaultvisor_[a-z_]+)`/gm)].map(([, name]) => name);
  expect(told.sort()).toEqual(own.sort());
});

describe('what the pages point at is there', () => {
  test.each(pages)('%s: links', (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const target of targets) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(join(root, file)), `${page} → ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(file)), `${page} → ${target}`).toContain(anchor);
    }
  });

  const proofs = [...read('README.md').matchAll(/^\|.*\]\(test\/.*$/gm)].flatMap(([row]) =>
    [...row.matchAll(/\]\((test\/[^)]+)\): ((?:[^“\]]*“[^”]+”)+)/g)].flatMap(([, file = '', names = '']) =>
      [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => [file, name] as const),
    ),
  );

  test('every guarantee names its test', () => {
    const rows =
      read('README.md')
        .split('## Guarantees')[1]
        ?.split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| ')) ?? [];
    expect(rows.slice(1).filter((row) => !/\]\(test\/[^)]+\): “/.test(row))).toEqual([]);
    expect(proofs.length).toBeGreaterThan(20);
  });

  test.each(proofs)('%s: “%s”', (file, name) => expect(titlesIn(file)).toContain(name));
});

test.each(pages)('%s: what is shown as a whole args file is one', (page) => {
  const blocks = [...read(page).matchAll(/```jsonc\n(\{[\s\S]*?\n\})\n```/g)].map(([, text = '']) => text);
  for (const text of blocks) expect(parseArgsFile(text)).toMatchObject({ ok: true });
});

describe('docs/troubleshooting.md', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const spoken = sources.map((name) => read(`src/${name}`)).join('\n');
  const quoted = read('docs/troubleshooting.md')
    .split('\n')
    .flatMap((line) => {
      const said = line.startsWith('|')
        ? line.split('|').slice(1, -2).join('|')
        : (/^\*\*(.*)\*\*:/.exec(line)?.[1] ?? '');
      return [...said.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    });
  // what stands between values that differ from case to case
  const pieces = quoted
    .flatMap((text) => text.split(/…|\d+|\b[NM]\b|\bpid\b|<[a-z]+>|[():;,.“”]/))
    .map((piece) => piece.trim());
  const words = [...new Set(pieces.filter((piece) => /^[^/$]{12,}$/.test(piece) && piece.includes(' ')))];

  test('there is something to compare', () => expect(words.length).toBeGreaterThan(50));

  test.each(words)('the program says: %s', (piece) => expect(spoken).toContain(piece));
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function titlesIn(file: string): readonly string[] {
  const calls = /\b(?:test|it|describe)(?:\.\w+(?:\([\s\S]*?\))?)?\(\s*(['"`])((?:(?!\1).)+)\1/g;
  const after = /\)\(\s*(['"`])((?:(?!\1).)+)\1/g;
  const text = read(file);
  return [...text.matchAll(calls), ...text.matchAll(after)].map(([, , title = '']) => title);
}

/** The names of events in the sources: what the history can hold. */
function eventsOf(places: readonly string[]): readonly string[] {
  const files = places.flatMap((place) =>
    place.endsWith('.ts')
      ? [place]
      : readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).flatMap((name) =>
          name.endsWith('.ts') ? [`${place}/${name}`] : [],
        ),
  );
  const named = files.flatMap((file) =>
    [...read(file).matchAll(/\bevent: (?:\w+ \? )?'(\w+)'(?: : '(\w+)')?/g)].flatMap(([, one, other]) => [one, other]),
  );
  return [...new Set(named.flatMap((name) => name ?? []))].sort();
}
