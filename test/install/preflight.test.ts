import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { preflight } from '../../src/install/preflight.ts';
import { never } from '../support/install-room.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function script(text: string): Promise<string> {
  const path = join(folder, 'vault');
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

const report = (name: string) => readFile(join(folder, name), 'utf8');

/** Waits until a process is gone or a zombie that its new parent has yet to reap. */
async function isGone(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (status === '' || /\) Z/.test(status)) return;
    await sleep(10);
  }
}

test('it runs with its own arguments only, in an empty folder that goes away, without our environment', async () => {
  process.env['SECRET_OF_THE_DAEMON'] = 'hunter2';
  const program = await script(
    `{ echo "$@"; } > ${folder}/args; pwd > ${folder}/cwd; ls -A > ${folder}/files; env > ${folder}/env; cat > ${folder}/stdin; : > here`,
  );
  await preflight({ program, command: ['--version', 'a b'] }, never);
  delete process.env['SECRET_OF_THE_DAEMON'];
  expect(await report('args')).toBe('--version a b\n');
  expect(await report('files')).toBe('');
  expect(await report('stdin')).toBe('');
  expect(existsSync((await report('cwd')).trim())).toBe(false);
  const names = (await report('env'))
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0] ?? '');
  expect(
    names.filter((name) => !['PATH', 'HOME', 'TMPDIR', 'LANG', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)),
  ).toEqual([]);
});

test.each([
  ['echo "error: unexpected argument" >&2; exit 2', 'ended with status 2. Its last line: error: unexpected argument'],
  ['exit 1', 'ended with status 1. It said nothing.'],
  ["printf 'one\\ntwo \\033[31mred\\n\\n'; exit 3", 'Its last line: two \\x1b[31mred'],
])('a failure is told with its last line: %s', async (text, words) => {
  const failure = preflight({ program: await script(text), command: ['--version'] }, never);
  await expect(failure).rejects.toMatchObject({
    name: 'VisorError',
    message: expect.stringContaining(words),
    next: expect.stringContaining('preflight'),
  });
});

test('a signal, and a program that is none, are told', async () => {
  await expect(preflight({ program: await script('kill -SEGV $$'), command: [] }, never)).rejects.toThrow(
    /SIGSEGV|status 139/,
  );
  await expect(preflight({ program: join(folder, 'nothing'), command: [] }, never)).rejects.toThrow('nothing');
});

test('one that ignores the flag and begins to serve is ended, its children too', async () => {
  const program = await script(
    `sleep 1000 & echo $! > ${folder}/helper; trap '' INT TERM; echo serving; while :; do sleep 1; done`,
  );
  const failure = preflight({ program, command: ['--version'], limit: 500 }, never);
  await expect(failure).rejects.toMatchObject({
    message: expect.stringContaining('did not end within 0.5 s. Its last line: serving'),
  });
  await isGone(Number(await report('helper')));
});

test('children that outlive a good ending are ended, and are not waited for', async () => {
  const program = await script(`sleep 1000 & echo $! > ${folder}/helper; exit 0`);
  await preflight({ program, command: [] }, never);
  await isGone(Number(await report('helper')));
});

test('however much it writes, it is read and the end is kept', async () => {
  const program = await script('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo the end; exit 1');
  await expect(preflight({ program, command: [] }, never)).rejects.toThrow('Its last line: the end');
  await expect(preflight({ program: await script('yes'), command: [], limit: 300 }, never)).rejects.toThrow(
    'Its last line: y',
  );
});

test('called off, it is ended at once', async () => {
  const controller = new AbortController();
  const program = await script(`echo $$ > ${folder}/pid; mv ${folder}/pid ${folder}/started; sleep 1000`);
  const run = preflight({ program, command: [], limit: 50_000 }, controller.signal);
  const caught = expect(run).rejects.toThrow('withdrawn');
  while (!existsSync(join(folder, 'started'))) await sleep(5);
  controller.abort(new Error('withdrawn'));
  await caught;
  await isGone(Number(await report('started')));
});

test('called off before it began, it does not run', async () => {
  const program = await script(`: > ${folder}/ran`);
  await expect(preflight({ program, command: [] }, AbortSignal.abort(new Error('withdrawn')))).rejects.toThrow(
    'withdrawn',
  );
  expect(await readdir(folder)).toEqual(['vault']);
});

test('when the supervisor is killed meanwhile, the program does not stay', async () => {
  const program = await script(`echo $$ > ${folder}/pid; mv ${folder}/pid ${folder}/started; sleep 1000`);
  const room = new URL('../../src/install/preflight.ts', import.meta.url).href;
  const request = JSON.stringify({ program, command: [], limit: 500 });
  const code = `import('${room}').then(({ preflight }) => preflight(${request}, new AbortController().signal))`;
  const supervisor = spawn(process.execPath, ['--import', 'tsx', '--eval', code], { stdio: 'ignore' });
  while (!existsSync(join(folder, 'started'))) await sleep(5);
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  await isGone(Number(await report('started')));
});

test.each([
  ['a command is told of the program as its last word', ['/bin/sh', '-c', 'test -x "$0" && exec "$0" --version']],
  ['or where its words say so', ['/bin/sh', '-c', 'exec "$1" --version', 'sh', '{program}']],
  ['the program may be named first', ['{program}', '--version']],
  ['what begins otherwise are its arguments', ['--version']],
])('%s', async (_, command) => {
  await preflight({ program: await script('test "$1" = --version'), command }, never);
  await expect(preflight({ program: await script('test "$1" = --help'), command }, never)).rejects.toThrow();
});

test('a command that fails refuses the program', async () => {
  await expect(preflight({ program: await script('exit 0'), command: ['/bin/false'] }, never)).rejects.toThrow();
});
