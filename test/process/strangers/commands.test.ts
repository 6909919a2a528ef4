import { expect, test } from 'vitest';
import { commandsIn, commandsOf, scriptOf } from '../../../src/process/strangers/commands.ts';
import { simpleCommands } from '../../../src/process/strangers/shell-words.ts';

const vault = ['vault', '--keyfile', 'k'];

test.each<[what: string, line: readonly string[], commands: readonly (readonly string[])[]]>([
  ['a client', vault, [vault]],
  ['a client by its path', ['/opt/vault', '--keyfile', 'k'], [['/opt/vault', '--keyfile', 'k']]],
  ['a runner', ['runner', '--', '--keyfile', 'k'], [['runner', '--', '--keyfile', 'k']]],
  ['a program that nobody knows', ['python3', 'start.py', 'k'], [['python3', 'start.py', 'k']]],
  ['nothing', [], []],
  ['an editor', ['vim', 'k'], []],
  ['an editor by its path', ['/usr/bin/vim.basic', '-R', 'k'], []],
  ['grep', ['grep', '-r', 'k', '/etc'], []],
  ['a pager', ['less', 'k'], []],
  ['a copy to elsewhere', ['scp', 'k', 'host:'], []],
  ['a session on another machine', ['ssh', 'host', 'vault', '--keyfile', 'k'], []],
  ['vaultvisor', ['vaultvisor', 'run', '--config', 'k'], []],
  ['a shell that a person types into', ['-bash'], []],
  ['an interactive shell', ['bash', '-i', '-l'], []],
  ['a shell that edits', ['bash', '-c', 'cd /etc && vim k'], []],
  ['a shell that looks', ['sh', '-c', 'ps ax | grep "vault --keyfile k"; cat k > /dev/null 2>&1'], []],
  ['a shell that starts it', ['sh', '-c', 'cd /opt; exec vault --keyfile k'], [vault]],
  [
    'a shell that starts it again and again',
    ['sh', '-lc', "while true; do vault --keyfile 'k' >>log 2>&1 || true; sleep 30; done"],
    [['vault', '--keyfile', 'k', '>>log', '2>&1']],
  ],
  ['a shell that is given it as arguments', ['sh', '-c', 'while :; do "$@"; done', 'sh', ...vault], [['$@'], vault]],
  ['a script of a shell', ['/bin/bash', '/opt/run.sh', ...vault], [['/opt/run.sh', ...vault]]],
  ['sudo', ['sudo', '-u', 'vault', '-E', 'A=b', ...vault], [vault]],
  ['sudo of an editor', ['sudo', '-u', 'vault', 'vim', 'k'], []],
  ['nohup and nice', ['nohup', 'nice', '-n', '5', ...vault], [vault]],
  ['env', ['env', '-i', 'RUST_LOG=info', ...vault], [vault]],
  ['timeout', ['timeout', '-k', '5', '10s', ...vault], [vault]],
  ['tini', ['tini', '-s', '-p', 'SIGINT', '--', ...vault], [vault]],
  ['su', ['su', '-', 'vault', '-c', 'vault --keyfile k'], [vault, ['vault', '-c', 'vault --keyfile k']]],
  ['sudo of a shell', ['sudo', 'sh', '-c', 'nohup vault --keyfile k &'], [vault]],
  ['an assignment before it', ['sh', '-c', 'RUST_LOG=info vault --keyfile k'], [vault]],
  ['a terminal that outlives what it was opened with', ['tmux', 'new-session', '-d', ...vault], []],
])('%s', (_, line, commands) => expect(commandsOf(line)).toEqual(commands));

test('a shell in a shell in a shell comes to an end', () => {
  let text = 'vault';
  for (let depth = 0; depth < 20; depth++) text = `sh -c ${JSON.stringify(text)}`;
  expect(commandsIn(text)).toEqual([]);
});

test.each<[text: string, commands: readonly (readonly string[])[]]>([
  ['a b;c  d&&e|f\ng', [['a', 'b'], ['c', 'd'], ['e'], ['f'], ['g']]],
  [`'a b' "c \\"d\\" e" f\\ g '' ""`, [['a b', 'c "d" e', 'f g', '', '']]],
  ['a # no b\nc #', [['a'], ['c']]],
  ['a#b', [['a#b']]],
  ['x=$(a b) `c d`', [['x=$'], ['a', 'b'], ['c', 'd']]],
  ['a \\\n b 2>&1 &>log >&2 & c', [['a', 'b', '2>&1', '&>log', '>&2'], ['c']]],
  ["a 'never closed", [['a', 'never closed']]],
  ['a "never closed', [['a', 'never closed']]],
  ['a \\', [['a', '']]],
  ['', []],
])('the words of %j', (text, commands) => expect(simpleCommands(text)).toEqual(commands));

test.each<[line: readonly string[], script: string | null]>([
  [['/bin/sh', '/opt/run.sh', 'x'], '/opt/run.sh'],
  [['bash', '-e', 'run.sh'], 'run.sh'],
  [['bash', '-ec', 'run.sh'], null],
  [['bash', '-i'], null],
  [['python3', 'run.py'], null],
  [[], null],
])('the script of %j', (line, script) => expect(scriptOf(line)).toBe(script));
