import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseRunnerLine } from '../../../src/cli/runner/runner-line.ts';
import { processAt } from '../../../src/process/who/processes.ts';
import { environment, scratch } from '../../support/cli/home.ts';
import { startPublished } from '../../support/published.ts';

const main = resolve(import.meta.dirname, '../../../dist/cli/main.js');
const vault =
  '#!/bin/sh\ntrap "echo leaves; exit 0" INT\necho "in $PWD with $* and $RUST_LOG"\nwhile [ -e "$0" ]; do sleep 0.05; done\n';

describe('the words behind runner are read as its clap reads them', () => {
  const usual = { clientType: 'vault', parachainWs: 'ws://n', downloadPath: '.', clientArgs: [] };

  test.each([
    [['--parachain-ws', 'ws://n'], usual],
    [['--parachain-ws=ws://n', '--client-type=oracle'], { ...usual, clientType: 'oracle' }],
    [
      ['--download-path', '/opt/r', '--parachain-ws', 'ws://n', '--', '--keyfile', 'k'],
      { ...usual, downloadPath: '/opt/r', clientArgs: ['--keyfile', 'k'] },
    ],
    // the first word that is no flag begins the client's, `--` and our own flags too
    [
      ['--parachain-ws', 'ws://n', 'sub', '--parachain-ws', '--', 'x'],
      { ...usual, clientArgs: ['sub', '--parachain-ws', '--', 'x'] },
    ],
    [['--parachain-ws', 'ws://n', '--', '--', '--config', 'c'], { ...usual, clientArgs: ['--', '--config', 'c'] }],
  ])('%j', (words, line) => expect(parseRunnerLine(words)).toEqual(line));

  test.each([
    [[], '--parachain-ws is missing'],
    [['--parachain-ws'], '--parachain-ws needs a value'],
    [['--parachain-ws', '--client-type'], '--parachain-ws needs a value'],
    [['--parachain-ws', 'a', '--parachain-ws', 'b'], '--parachain-ws is given twice'],
    [['--parachain', 'a'], '--parachain is no flag of the runner'],
    [['-c', 'vault'], '-c is no flag of the runner'],
    [['--parachain-ws', 'a', '--client-type', 'Vault'], 'Vault is no client type: there are vault, oracle and faucet'],
  ])('%j is refused', (words, said) => expect(parseRunnerLine(words)).toBe(said));
});

test('in the place of the old runner: the release of the chain runs where it is started, its output is ours, and SIGHUP ends both', async () => {
  const here = await scratch();
  onTestFinished(here.remove);
  const published = await startPublished();
  const { checksum } = published.name('vault', '/vault-parachain-metadata-kintsugi', Buffer.from(vault));
  const flags = ['--client-type', 'vault', '--parachain-ws', published.node.endpoint, '--download-path', 'files'];
  const runner = spawn(process.execPath, [main, 'runner', ...flags, '--', '--keyname', here.folder, '--config', 'c'], {
    cwd: here.folder,
    env: { ...environment(here.folder), RUST_LOG: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void runner.kill('SIGKILL'));
  const left = once(runner, 'exit');
  const said = { out: '', err: '' };
  runner.stdout.on('data', (chunk) => (said.out += chunk));
  runner.stderr.on('data', (chunk) => (said.err += chunk));
  while (!said.out.includes('in ')) {
    expect(runner.exitCode, said.err).toBeNull();
    await pause(20);
  }
  const file = join(here.folder, 'files/vaultvisor/args.json');
  expect(said.out).toBe(
    `in ${here.folder} with --keyname ${here.folder} --config c --btc-parachain-url ${published.node.endpoint} and warn\n`,
  );
  expect(said.err).toContain(`vaultvisor status --config ${file}`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { stdout } = await here.run('status', '--json', '--config', file);
  const [{ child, next }] = JSON.parse(stdout).instances;
  expect(next ?? child).toMatchObject({ checksum });
  runner.kill('SIGHUP');
  expect(await left).toEqual([0, null]);
  expect(processAt(child.pid)).toBeNull();
  expect(said.out.trimEnd().split('\n').at(-1)).toBe('leaves');
});

test('words that the old runner would refuse are refused, and nothing is made', async () => {
  const here = await scratch();
  onTestFinished(here.remove);
  const { code, stderr } = await here.run('runner', '--download-path', here.home, '--', '--parachain-ws', 'x');
  expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('--parachain-ws is missing') });
  await expect(readFile(join(here.home, 'vaultvisor/args.json'))).rejects.toThrow('ENOENT');
});
