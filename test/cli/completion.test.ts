import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nextOf } from '../../src/cli/grammar/candidates.ts';
import { createGrammar } from '../../src/cli/grammar.ts';
import { environment, scratch } from '../support/cli/home.ts';
import { openTerminal } from '../support/terminal.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const program = createGrammar();
const next = (line: string) => {
  const found = nextOf(line.split(' '), program);
  return found.is === 'words' ? found.words.map(({ word }) => word) : found.is;
};

test('every command that help shows can be completed, by its aliases too', () => {
  const shown = program.createHelp().visibleCommands(program);
  expect(next('')).toEqual(shown.flatMap((one) => [one.name(), ...one.aliases()]));
  expect(next('')).not.toContain('complete');
});

test.each([
  ['stat', ['status']],
  ['re', expect.arrayContaining(['resume', 'restart', 'retry'])],
  ['status ', 'place'],
  ['status kintsugi ', []],
  ['status --w', ['--watch']],
  ['status --watch --', expect.not.arrayContaining(['--watch'])],
  ['status --', expect.arrayContaining(['--json', '--config', '--log-level'])],
  ['config ', ['validate', 'show', 'schema', 'help']],
  ['config show --o', ['--origin']],
  ['backups restore ', 'place'],
  ['retry ', 'place'],
  ['--config ', 'file'],
  ['status --config = ', 'file'],
  ['--config file stat', ['status']],
  ['status --log-level w', ['warn']],
  ['status --log-level ', ['debug', 'info', 'warn', 'error', 'fatal', 'silent']],
  ['history --limit ', []],
  ['stage ', 'file'],
  ['completion z', ['zsh']],
  ['help his', ['history']],
  ['nonsense ', []],
])('after “%s”', (line, words) => expect(next(line)).toEqual(words));

/** How each is started in a terminal, and told of the completion there. */
const shells = {
  bash: 'source <(vaultvisor completion bash)',
  zsh: 'zsh -f\nautoload -Uz compinit; compinit -u -D; source <(vaultvisor completion zsh)',
  fish: 'fish --no-config\nvaultvisor completion fish | source',
};
const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

for (const [shell, begin] of Object.entries(shells))
  test.skipIf(!isThere(shell))(
    `in a real ${shell}, the Tab key completes commands, options, values, clients and files`,
    async () => {
      const here = await scratch();
      ends.push(here.remove);
      await here.configure({ vault: {}, oracle: {} });
      const main = resolve(import.meta.dirname, '../../dist/cli/main.js');
      await here.write('vaultvisor', `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
      await writeFile(join(here.folder, 'unmistakable.json'), '');
      const terminal = await openTerminal({
        ...environment(here.folder),
        PATH: `${here.folder}:${process.env['PATH']}`,
        VAULTVISOR_CONFIG: here.file,
      });
      ends.push(terminal.close);
      terminal.type(`cd ${here.folder}; ${begin}; echo ready\\ now\n`);
      await terminal.until((written) => written.includes('ready now'));
      const completes = async (typed: string, to: string) => {
        const before = terminal.written().length;
        terminal.type(`${typed}\t`);
        await terminal.until((written) => written.slice(before).includes(to));
        terminal.type('\u0015'); // the line is emptied again
      };
      await completes('vaultvisor hist', 'vaultvisor history');
      await completes('vaultvisor status --wat', 'vaultvisor status --watch');
      await completes('vaultvisor logs testnet/or', 'vaultvisor logs testnet/oracle');
      await completes('vaultvisor config vali', 'vaultvisor config validate');
      await completes('vaultvisor --config unmis', 'vaultvisor --config unmistakable.json');
    },
  );
