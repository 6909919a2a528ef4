import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { probeCommand } from '../../../src/probe/kinds/command.ts';
import { never } from '../support/servers.ts';

const env = { PATH: process.env['PATH'] ?? '' };
const place = { cwd: tmpdir(), env };
const sh = (script: string, where: Parameters<typeof probeCommand>[1] = place, limit = 30_000, signal = never) =>
  probeCommand(['sh', '-c', script, 'secret'], where, limit, signal);

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'probe-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

/** Answers once the process is no more (or only a zombie). */
async function gone(pid: number): Promise<true> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' ) Z');
    if (stat.slice(stat.lastIndexOf(')')).startsWith(') Z')) return true;
    await setTimeout(10);
  }
}

test('status 0 passes; its words do not matter', async () => {
  expect(await sh('echo trouble >&2')).toEqual({ is: 'passed' });
});

test.each([
  ['exit 3', 'exited with status 3'],
  ['echo one; echo two words >&2; exit 1', 'exited with status 1: two words'],
  ['printf "tear\\033[31m\\n\\n"; exit 1', 'exited with status 1: tear\\x1b[31m'],
  ['kill -TERM $$', 'was killed by SIGTERM'],
  ['head -c 3000000 /dev/zero | tr "\\0" "\\n"; echo end; exit 1', 'exited with status 1: end'],
])('%s fails: %s', async (script, words) => {
  expect(await sh(script)).toEqual({ is: 'failed', why: `command sh ${words}` });
});

test('it runs where and with what it is told, and nothing else of ours', async () => {
  const cwd = await folder();
  await sh('pwd > where; env | sort > what', { cwd, env: { ...env, OWN: '1' } });
  expect((await readFile(join(cwd, 'where'), 'utf8')).trim()).toBe(cwd);
  const names = (await readFile(join(cwd, 'what'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names).toContain('OWN');
  expect(names.filter((name) => !['OWN', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name!))).toEqual([]);
});

test('what cannot be started is a failure in words, without its arguments', async () => {
  const cwd = await folder();
  await writeFile(join(cwd, 'plain'), 'exit 0', { mode: 0o644 });
  const whyOf = (command: readonly string[], where: string) => probeCommand(command, { cwd: where, env }, 5_000, never);
  const outcomes = await Promise.all([
    whyOf(['/nowhere/to/be/found', 'secret'], cwd),
    whyOf([join(cwd, 'plain'), 'secret'], cwd),
    whyOf(['sh', '-c', 'exit 0', 'secret'], '/nowhere/to/be/found'),
    whyOf(['sh', '-c', 'nul\0', 'secret'], cwd),
  ]);
  const words = /^command \S+ could not be started: .*(ENOENT|EACCES|cwd|null bytes)/;
  for (const outcome of outcomes) expect(outcome).toMatchObject({ is: 'failed', why: expect.stringMatching(words) });
  expect(JSON.stringify(outcomes)).not.toContain('secret');
});

test('out of time it is killed with its whole group', async () => {
  const cwd = await folder();
  const outcome = await sh('trap "" INT TERM; sleep 600 & echo $! > pid; wait', { cwd, env }, 400);
  expect(outcome).toEqual({ is: 'failed', why: 'command sh did not end within 400ms' });
  expect(await gone(Number(await readFile(join(cwd, 'pid'), 'utf8')))).toBe(true);
});

test('an abort kills it with its whole group, and rejects', async () => {
  const cwd = await folder();
  const abort = new AbortController();
  const asked = sh('sleep 600 & echo $! > pid; wait', { cwd, env }, 60_000, abort.signal);
  const pid = await written(join(cwd, 'pid'));
  abort.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  expect(await gone(pid)).toBe(true);
});

test('what it left behind is neither waited for nor left alive', async () => {
  const cwd = await folder();
  expect(await sh('sleep 600 & echo $! > pid', { cwd, env })).toEqual({ is: 'passed' });
  expect(await gone(Number(await readFile(join(cwd, 'pid'), 'utf8')))).toBe(true);
});

async function written(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await setTimeout(10);
  }
}
