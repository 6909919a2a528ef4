import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Call, pointOf } from '../../lab/faults/call.ts';
import { compileFaults } from '../../lab/faults/library.ts';
import { CLASSES, openPage, type Page, type Plan } from '../../lab/faults/page.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

const cannot = noCompiler() !== null && !process.env['CI'];

/** Saves a file as the product does, and starts a process. */
const code = `
  const fs = require('node:fs');
  const fd = fs.openSync('.state.json.4711.0123456789ab.1.tmp', 'wx');
  fs.writeSync(fd, 'after');
  fs.fsyncSync(fd);
  fs.renameSync('.state.json.4711.0123456789ab.1.tmp', 'state.json');
  require('node:child_process').spawnSync('true');
`;

interface Seen {
  readonly page: Page;
  readonly calls: readonly Call[];
  readonly state: string;
  readonly signal: string | null;
  readonly said: string;
}

function run(plan: Plan, env: Readonly<Record<string, string>> = {}): Seen {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const below = join(folder, 'home');
  mkdirSync(below);
  writeFileSync(join(below, 'state.json'), 'before');
  const page = openPage(join(folder, 'page'), compileFaults(folder), below);
  onTestFinished(() => page.close());
  page.arm(plan);
  const { signal, stderr } = spawnSync(process.execPath, ['-e', code], {
    cwd: below,
    env: { PATH: process.env['PATH'], ...page.env, ...env },
    encoding: 'utf8',
  });
  const state = readFileSync(join(below, 'state.json'), 'utf8');
  return { page, calls: page.calls(), state, signal, said: stderr };
}

const story = [
  'open .state.json.#.tmp',
  'write /.state.json.#.tmp',
  'fsync /.state.json.#.tmp',
  'rename state.json',
  'fork',
  'execve true',
];

test.skipIf(cannot)(
  'every call that changes the world is counted once, over the fork until the exec, and no other',
  () => {
    const { calls, state, page } = run({ mode: 'count' });
    expect(calls.map(pointOf)).toEqual(story);
    expect(calls.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(state).toBe('after');
    expect(page.strangers()).toBe(1); // `true` had the library in its environment: the product must not let that happen
  },
);

test.skipIf(cannot)('death comes before the call, or when it was just made', () => {
  const before = run({ mode: 'kill before', nth: 4 });
  const after = run({ mode: 'kill after', nth: 4 });
  expect([before.signal, before.state, before.page.fired()]).toEqual(['SIGKILL', 'before', 1]);
  expect([after.signal, after.state, after.page.fired()]).toEqual(['SIGKILL', 'after', 1]);
});

test.skipIf(cannot)('a call fails with what the kernel could say of it, and with nothing else', () => {
  const full = run({ mode: 'fail once', nth: 2, error: 'ENOSPC' });
  expect(full.said).toContain('ENOSPC');
  expect(full.state).toBe('before');
  expect(full.calls[1]).toMatchObject({ call: 'write', possible: ['ENOSPC', 'EIO'] });
  const impossible = run({ mode: 'fail once', nth: 2, error: 'EMFILE' });
  expect([impossible.page.fired(), impossible.state]).toEqual([0, 'after']);
});

test.skipIf(cannot)('what fails from a call on fails until it is taken away; what is not armed is not counted', () => {
  const lasting = run({ mode: 'fail from', nth: 3, error: 'EIO' });
  expect([lasting.page.fired(), lasting.state]).toEqual([1, 'before']); // the first error ends this program
  const reads = run({ mode: 'count', classes: CLASSES.change + CLASSES.read });
  expect(reads.calls.length).toBe(story.length); // it reads nothing below the folder
  reads.page.disarm();
  expect(existsSync(join(reads.page.env['LAB_FAULTS_BELOW'] ?? '', 'state.json'))).toBe(true);
});

test('a call has the same name in every run', () => {
  const path = '/home/instances/lab/vault/.state.json.24362.2f99a2d0b581.10.tmp';
  expect(pointOf({ call: 'open', path })).toBe('open /home/instances/lab/vault/.state.json.#.tmp');
  expect(pointOf({ call: 'fork', path: '' })).toBe('fork');
});
