import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDaemon, runDaemon } from '../support/cli/daemon.ts';
import { type Scratch, scratch } from '../support/cli/home.ts';

// What a client, a manifest and a file may hold to paint a terminal: it reaches none, whichever command prints it, with colours or without.
const erase = '\u001b[2J\u001b[31mowned\u001b]0;title\u0007\u009b1A\u202egnp\u200b';
let here: Scratch;
let daemon: RunningDaemon;

beforeAll(async () => {
  here = await scratch();
  const said = [...erase].map((c) => [...Buffer.from(c)].map((byte) => `\\0${byte.toString(8)}`).join('')).join('');
  await here.publish('vault', '1.0.0', `#!/bin/sh\nprintf '%b\\n' 'last words ${said}'\nexit 1\n`);
  await here.write('oracle.json', JSON.stringify({ version: `1${erase}`, uri: `https://h/${erase}`, checksum: erase }));
  await here.configure({ vault: { restart: { delay: '50ms' } }, oracle: {} });
  daemon = runDaemon(here, '--log-format', 'pretty');
  for (;;) {
    const { stdout } = await here.run('history', '--json', '--config', here.file);
    if (stdout.includes('"failed"')) return;
    await pause(100);
  }
});

afterAll(async () => {
  await daemon.end('SIGTERM');
  await here.remove();
});

/** Ours are SGR of one or two digits; a stranger's was in front of its "owned". */
function expectHarmless(text: string): void {
  expect(text.replace(/\u001b\[\d{1,2}m/g, '')).not.toMatch(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/,
  );
  expect(text).not.toContain('\u001b[31mowned');
}

test.each([
  'status',
  'status --json',
  'history',
  'history --events',
  'history --json',
  'logs --past',
  'logs --json',
  'check',
  'check --json',
])('%s', async (line) => {
  const { stdout, stderr } = await here.run(...line.split(' '), '--config', here.file);
  expect(stdout).not.toBe('');
  for (const text of [stdout, stderr]) expectHarmless(text);
  if (!line.startsWith('check')) expect(stdout).toContain('owned');
});

test('the log that people read', async () => {
  expect(daemon.log()).toContain('owned');
  expectHarmless(daemon.log());
});

test('an args file that is refused, and a word of a command line', async () => {
  const text = await readFile(here.file, 'utf8');
  const file = join(here.folder, 'other.json');
  await writeFile(file, text.replace('"home"', `${JSON.stringify(erase)}: 1, "x${erase}": 2, "home"`));
  for (const words of [
    ['config', 'validate', '--config', file],
    [`stat${erase}`],
    ['hold', erase, '--config', here.file],
  ]) {
    const { code, stderr } = await here.run(...words);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/owned|control characters/);
    expectHarmless(stderr);
  }
});
