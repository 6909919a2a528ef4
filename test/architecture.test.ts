import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

// docs/architecture.md, "Rooms": imports point one way, and each great package has one room.
const src = resolve(import.meta.dirname, '../src');
const leaves = [
  'account.ts',
  'errors.ts',
  'body-head.ts',
  'folders.ts',
  'home-mode.ts',
  'http-client.ts',
  'late.ts',
  'layout.ts',
  'log.ts',
  'nearest.ts',
  'own-program.ts',
  'pretty-log.ts',
  'put-in.ts',
  'quiet-url.ts',
  'secrets.ts',
  'users.ts',
  'within.ts',
];
const middle = [
  'chain',
  'store',
  'install',
  'data',
  'process',
  'probe',
  'gate',
  'observe',
  'systemd',
  'notify',
  'config',
];
const mayImport: Record<string, readonly string[]> = {
  core: [],
  ...Object.fromEntries(middle.map((room) => [room, ['core', ...leaves]])),
  agent: ['process', 'install', 'config', 'core', ...leaves],
  daemon: ['agent', ...middle, 'core', ...leaves],
  doctor: ['daemon', 'agent', ...middle, 'core', ...leaves],
  cli: ['doctor', 'daemon', 'agent', ...middle, 'core', ...leaves],
  ...Object.fromEntries(leaves.map((leaf) => [leaf, leaves])),
};
const homes: readonly (readonly [packages: RegExp, files: RegExp])[] = [
  [/^(@polkadot|@noble)\//, /^chain\//],
  [/^execa$/, /^(process|probe)\//],
  [/^zod$/, /^(config\/|store\/state-|agent\/)/],
  [/^croner$/, /^(gate|config)\//],
  [/^tar$/, /^store\//],
  [/^pino(-|$)/, /^(pretty-)?log\.ts$/],
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap((file) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/\b(?:from|import|import\()\s*'([^']+)'/g)].map(([, name]) => ({
    file,
    name: name ?? '',
  })),
);
const roomOf = (file: string) => file.split('/')[0] ?? '';
const within = imports
  .filter(({ name }) => name.startsWith('.'))
  .map(({ file, name }) => ({ file, target: relative(src, resolve(src, dirname(file), name)) }));

test('imports point one way', () => {
  const wrong = within.filter(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)];
    return from !== to && !mayImport[from]?.includes(to);
  });
  expect(wrong).toEqual([]);
  expect(within.length).toBeGreaterThan(files.length);
});

test('the core knows nothing of the world but how to hash and how versions are ordered', () => {
  const outside = imports.filter(({ file, name }) => roomOf(file) === 'core' && !name.startsWith('.'));
  expect(outside).toEqual([
    { file: 'core/deployment.ts', name: 'node:crypto' },
    ...['coerce', 'compare', 'satisfies'].map((name) => ({
      file: 'core/versions.ts',
      name: `semver/functions/${name}.js`,
    })),
  ]);
});

test.each(homes)('%s lives in %s only', (packages, home) => {
  expect(imports.filter(({ file, name }) => packages.test(name) && !home.test(file))).toEqual([]);
  expect(imports.some(({ name }) => packages.test(name))).toBe(true);
});

test('only those that have both forms ask where the program lies: the one file has nothing beside it', () => {
  const place = /\bimport\.meta\b|\bprocess\.execPath\b|\b__dirname\b|\bcreateRequire\b|\bnew Worker\(/;
  const asks = files.filter((file) => place.test(readFileSync(join(src, file), 'utf8')));
  expect(asks.sort()).toEqual(['chain/events/block-events.ts', 'own-program.ts']);
  for (const file of asks) expect(readFileSync(join(src, file), 'utf8')).toMatch(/\bisSea\(\)|\beventsWorker\b/);
});

test('what a daemon loads late it loads as a part: a newer version may be installed beneath it', () => {
  const elsewhere = /^cli\/(?!commands\/run\.ts$)|^log\.ts$/;
  const late = files.flatMap((file) =>
    [...readFileSync(join(src, file), 'utf8').matchAll(/(.*)\bimport\('\.[^']+'\)/g)].map(([, before = '']) => ({
      file,
      isPart: before.endsWith('= late(() => '),
    })),
  );
  const wrong = late.filter(({ file, isPart }) => !isPart && !elsewhere.test(file));
  expect(wrong).toEqual([{ file: 'cli/commands/run.ts', isPart: false }]); // the bars of a terminal, before it is up
  expect(late.filter(({ isPart }) => isPart).length).toBeGreaterThan(10);
});
