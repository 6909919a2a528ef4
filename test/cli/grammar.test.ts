import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/cli/grammar.ts';
import { VisorError } from '../../src/errors.ts';
import { runMain } from '../support/cli/home.ts';

const more = (command = '') => `"vaultvisor${command && ' '}${command} --help" tells more.`;

test.each([
  ['frobnicate', "unknown command 'frobnicate'", more()],
  ['statsu', "unknown command 'statsu'", `Did you mean "vaultvisor status"? ${more()}`],
  ['stat', "unknown command 'stat'", `Did you mean "vaultvisor status"? ${more()}`],
  ['sta', "unknown command 'sta'", more()],
  ['lgos', "unknown command 'lgos'", `Did you mean "vaultvisor logs"? ${more()}`],
  ['psue', "unknown command 'psue'", `Did you mean "vaultvisor pause"? ${more()}`],
  ['validat', "unknown command 'validat'", `Did you mean "vaultvisor config validate"? ${more()}`],
  ['config validat', "unknown command 'validat'", `Did you mean "vaultvisor config validate"? ${more('config')}`],
  ['status --jsn', "unknown option '--jsn'", `Did you mean "--json"? ${more('status')}`],
  ['status --jsn=1', "unknown option '--jsn=1'", `Did you mean "--json"? ${more('status')}`],
  ['backups list --cnofig x', "unknown option '--cnofig'", `Did you mean "--config"? ${more('backups list')}`],
  ['config', 'A command is missing', `There are: validate, show, schema, help. ${more('config')}`],
  ['config frob', "unknown command 'frob'", more('config')],
  ['status a b', "too many arguments for 'status'. Expected 1 argument but got 2", more('status')],
  [
    'history --limit 0',
    "option '--limit <n>' argument '0' is invalid. It must be a whole number from 1",
    more('history'),
  ],
  [
    'history --limit 1e3',
    "option '--limit <n>' argument '1e3' is invalid. It must be a whole number from 1",
    more('history'),
  ],
  [
    'run --log-level loud',
    "option '--log-level <level>' argument 'loud' is invalid. Allowed choices are debug, info, warn, error, fatal, silent",
    more('run'),
  ],
  [
    'status --log-level wran',
    "option '--log-level <level>' argument 'wran' is invalid. Allowed choices are debug, info, warn, error, fatal, silent",
    `Did you mean "warn"? ${more('status')}`,
  ],
  ['hold --for', "option '--for <duration>' argument missing", more('hold')],
  ['hold --for 24', '24 is no duration', 'Say a whole number and ms, s, m, h or d, such as --for 24h.'],
  ['hold --for 0s', '0s is no duration', 'Say a whole number and ms, s, m, h or d, such as --for 24h.'],
  ['pin', "missing required argument 'checksum'", more('pin')],
  ['backups restore', "missing required argument 'update'", more('backups restore')],
  [
    'pin 0x12ab',
    '0x12ab is no checksum',
    'A checksum is the SHA-256 of the release: 64 hex digits, with or without 0x.',
  ],
  ['pin kintsugi/vault', 'The checksum is missing', 'Say pin [NETWORK[/CLIENT]] CHECKSUM.'],
  [
    'pin kintsugi/vault 12ab',
    '12ab is no checksum',
    'A checksum is the SHA-256 of the release: 64 hex digits, with or without 0x.',
  ],
  [
    'retry kintsugi/vault 12ab',
    '12ab is no checksum',
    'A checksum is the SHA-256 of the release: 64 hex digits, with or without 0x.',
  ],
])('%s is not understood: 64 in two lines', async (line, message, next) => {
  const refused = await runCommand(line.split(' ')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(VisorError);
  expect(refused).toMatchObject({ code: 'usage', message, next });
});

test('without a command, all are named', async () => {
  const refused = await runCommand([]).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'usage', message: 'A command is missing' });
  expect((refused as VisorError).next).toMatch(/status, history, logs, check, .*which/);
});

test('as a process: two lines on stderr, nothing on stdout, exit 64', async () => {
  expect(await runMain(['frobnicate', '--json'], { PATH: process.env['PATH'] })).toEqual({
    code: 64,
    stdout: '',
    stderr: `vaultvisor: unknown command 'frobnicate'\n  ${more()}\n`,
  });
});

test.each([['--help'], ['help'], ['status', '--help'], ['--version']])(
  '%s is answered on stdout with 0',
  async (...words) => {
    const ran = await runMain(words, { PATH: process.env['PATH'] });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).not.toBe('');
  },
);

test('a missing args file is a configuration error of every command that needs one', async () => {
  const file = '/nowhere/args.json';
  for (const line of ['status', 'history', 'check', 'which', 'hold', 'apply', 'config validate', 'config show']) {
    const refused = await runCommand([...line.split(' '), '--config', file]).catch((error: unknown) => error);
    const next = expect.stringMatching(/--config FILE.*"vaultvisor init".*"vaultvisor import"/);
    expect(refused, line).toMatchObject({ code: 'config', message: `${file} is not there`, next });
  }
});

test('the grammar waits for no heavy room', () => {
  const seen = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '(\.[^']+)';/gms))
      walk(resolve(file, '..', name));
  };
  const src = resolve(import.meta.dirname, '../../src');
  walk(join(src, 'cli/main.ts'));
  const rooms = new Set([...seen].map((file) => file.slice(src.length + 1).split('/')[0]));
  expect([...rooms].sort()).toEqual(['cli', 'errors.ts', 'nearest.ts', 'own-program.ts', 'quiet-url.ts']);
});
