import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { lengthOf } from '../../src/cli/print/wrap.ts';
import { environment, type Scratch, scratch } from '../support/cli/home.ts';
import { openTerminal } from '../support/terminal.ts';

const main = resolve(import.meta.dirname, '../../dist/cli/main.js');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function fresh(...clients: readonly string[]): Promise<Scratch> {
  const here = await scratch();
  ends.push(here.remove);
  await configure(here, ...clients);
  return here;
}

const configure = (here: Scratch, ...clients: readonly string[]) =>
  here.configure(Object.fromEntries(clients.map((client) => [client, {}])));

/** What the last whole frame shows, line by line. */
function frame(written: string): readonly string[] {
  const begun = written.split('\u001b[?2026h\u001b[H').at(-1) ?? '';
  const whole = begun.includes('\u001b[?2026l') ? begun : (written.split('\u001b[?2026h\u001b[H').at(-2) ?? '');
  return (whole.split('\u001b[J')[0] ?? '').split(/\r+\n/).map((line) => line.replace(/\u001b\[(?:K|\d+m)/g, ''));
}

test('on a terminal: a table that is live, fits after each resize, never erases what it shows, and leaves the terminal as it was', async () => {
  const here = await fresh('vault');
  const terminal = await openTerminal(environment(here.folder));
  ends.push(terminal.close);
  terminal.type(`cd ${here.folder}; stty -a > before; echo on the screen before\n`);
  terminal.type(
    `${process.execPath} ${main} status --watch --config ${here.file}; echo it ended $?; stty -a > after\n`,
  );
  const shows = (text: string) => terminal.until((written) => frame(written).join('\n').includes(text));
  await shows('testnet/vault');
  expect(frame(terminal.written()).at(-1)).toBe('q or Ctrl-C ends');

  await configure(here, 'vault', 'oracle');
  await shows('testnet/oracle');

  terminal.resize(44, 12);
  await terminal.until((written) => frame(written).every((line) => lengthOf(line) <= 44));
  expect(frame(terminal.written()).length).toBeLessThanOrEqual(12);
  expect(frame(terminal.written()).join('\n')).toContain('testnet/vault');

  terminal.type('\u0003');
  await terminal.until((written) => /it ended \d/.test(written.split('?1049l')[1] ?? ''));
  const written = terminal.written();
  expect(written.split('?1049l')[1]).toContain('it ended 0');
  // one screen taken, one given back, the cursor too; and between them no frame begins by erasing
  for (const sequence of ['\u001b[?1049h', '\u001b[?1049l', '\u001b[?25l', '\u001b[?25h', '\u001b[2J'])
    expect(written.split(sequence), JSON.stringify(sequence)).toHaveLength(2);
  await terminal.until(() => readFileSync(join(here.folder, 'after'), 'utf8') !== '');
  const [before, after] = ['before', 'after'].map((name) => readFileSync(join(here.folder, name), 'utf8'));
  const settings = (text = '') => text.split('\n').slice(1);
  expect(settings(after)).toEqual(settings(before));
});

test('killed while it watches, it gives the terminal back too', async () => {
  const here = await fresh('vault');
  const terminal = await openTerminal(environment(here.folder));
  ends.push(terminal.close);
  terminal.type(
    `${process.execPath} ${main} status --watch --config ${here.file} & echo $! > ${here.folder}/pid; fg\n`,
  );
  await terminal.until((written) => frame(written).join('\n').includes('testnet/vault'));
  process.kill(Number(readFileSync(join(here.folder, 'pid'), 'utf8')), 'SIGTERM');
  await terminal.until((written) => written.includes('\u001b[?25h\u001b[?1049l'));
  terminal.type('echo still\\ here\n');
  await terminal.until((written) => written.includes('still here'));
});

test.each([
  [[], /^── \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/, 'testnet/oracle'],
  [['--json'], /^\{"instances":\[.*\}\n$/, '"client":"oracle"'],
] as const)('without a terminal (%j): once, and again when something is another', async (words, first, second) => {
  const here = await fresh('vault');
  const watching = spawn(process.execPath, [main, 'status', '--watch', '--config', here.file, ...words], {
    env: environment(here.folder),
  });
  ends.push(async () => {
    watching.kill('SIGKILL');
    await once(watching, 'exit');
  });
  let text = '';
  watching.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) await pause(20);
  };
  await until('vault');
  await pause(2_500); // two more looks, at which nothing is another
  expect(text).toMatch(first);
  expect(text).not.toContain('\u001b');
  const before = text.length;
  await configure(here, 'vault', 'oracle');
  await until(second);
  expect(text.slice(0, before)).not.toContain(second);
});
