import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { createLineReader } from '../../src/process/output/line-reader.ts';
import { openOutput } from '../../src/process/output.ts';
import { scratch, until } from '../support/process/scratch.ts';

const CAP = 1_000_000;

function inFolder(folder: string, own: { cap?: number; texts?: string[] } = {}) {
  const path = join(folder, 'logs', 'client.log');
  return { path, cap: own.cap ?? CAP, texts: own.texts ?? [], log: silentLog };
}

test('only what this start writes is looked at', async () => {
  const request = inFolder(scratch(), { texts: ['ready'] });
  const former = openOutput(request);
  writeSync(former.fd, 'ready\n');
  await former.close();
  expect(former.seen('ready')).toBe(true);
  const output = openOutput(request);
  writeSync(output.fd, 'starting\n');
  await output.close();
  expect(output.seen('ready')).toBe(false);
  expect(output.lastLines()).toEqual(['starting']);
  expect(readFileSync(request.path, 'utf8')).toBe('ready\nstarting\n');
});

test('a line is seen while the client is up, and its last words without a line end at its end', async () => {
  const output = openOutput(inFolder(scratch(), { texts: ['all services', 'already running'] }));
  writeSync(output.fd, 'Starting all ');
  writeSync(output.fd, 'services...\n');
  await until(() => output.seen('all services'));
  writeSync(output.fd, 'error: already running');
  await output.close();
  expect([...output.allSeen]).toEqual(['all services', 'already running']);
  expect(output.lastLines()).toEqual(['Starting all services...', 'error: already running']);
});

test('colours do not hide a text, and no control character gets out', async () => {
  const output = openOutput(inFolder(scratch(), { texts: ['is ready'] }));
  writeSync(output.fd, '\x1b[32mvault\x1b[0m is \x1b[1mready\x1b[0m\x08\n');
  await output.close();
  expect(output.seen('is ready')).toBe(true);
  expect(output.lastLines()).toEqual(['vault is ready\\x08']);
});

test('the file is turned over at its cap, every line is still seen, and the writer goes on in the emptied file', async () => {
  const request = inFolder(scratch(), { cap: 2_000, texts: ['line 0', 'line 399', 'the end'] });
  const output = openOutput(request);
  let lines = 0;
  for (let block = 0; block < 8; block++) {
    for (let i = 0; i < 50; i++) writeSync(output.fd, `line ${lines++} ${'.'.repeat(40)}\n`);
    await until(() => statSync(request.path).size === 0);
  }
  writeSync(output.fd, 'the end\n');
  await output.close();
  expect([...output.allSeen]).toEqual(['line 0', 'line 399', 'the end']);
  expect(readFileSync(request.path, 'utf8')).toBe('the end\n');
  for (const age of [1, 2, 3]) expect(readFileSync(`${request.path}.${age}`, 'utf8')).toMatch(/^line \d+ .*\n$/s);
  expect(readFileSync(`${request.path}.1`, 'utf8')).toContain('line 399 ');
  expect(existsSync(`${request.path}.4`)).toBe(false);
});

test('a client that writes faster than it is read fills no disk, and its last words are still known', async () => {
  const request = inFolder(scratch(), { cap: 100_000, texts: ['never'] });
  const output = openOutput(request);
  const flood = Buffer.alloc(12 * 1024 * 1024, 'a line of a client that says the same for ever\n');
  writeSync(output.fd, flood);
  await until(() => statSync(request.path).size === 0);
  writeSync(output.fd, '\nlast words\n');
  await output.close();
  expect(output.lastLines().at(-1)).toBe('last words');
  expect(output.seen('never')).toBe(false);
});

test('a file that somebody else cuts is followed from its new beginning', async () => {
  const request = inFolder(scratch(), { texts: ['after'] });
  const output = openOutput(request);
  writeSync(output.fd, `${'before '.repeat(100)}\n`);
  await until(() => output.lastLines().length === 1);
  truncateSync(request.path, 0);
  writeSync(output.fd, 'after\n');
  await until(() => output.seen('after'));
  await output.close();
});

test('what grew while nobody looked is turned over at the next start, and its newest end kept', async () => {
  const request = inFolder(scratch(), { cap: 1_000 });
  await openOutput(request).close();
  appendFileSync(request.path, `${'x'.repeat(5_000)}the end`);
  const output = openOutput(request);
  await until(() => statSync(request.path).size === 0);
  await output.close();
  expect(readFileSync(`${request.path}.1`, 'utf8')).toBe(`${'x'.repeat(993)}the end`);
});

test('closing twice is closing once', async () => {
  const output = openOutput(inFolder(scratch()));
  writeSync(output.fd, 'once');
  await output.close();
  await output.close();
  expect(output.lastLines()).toEqual(['once']);
});

test('bytes become lines however they are cut', () => {
  const text = 'one\r\ntwo\n\nüñï – four\nfive';
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    const lines: string[] = [];
    const reader = createLineReader((line) => lines.push(line));
    for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
    reader.end();
    expect(lines).toEqual(['one', 'two', '', 'üñï – four', 'five']);
  }
});

test('a line without end does not fill the memory', () => {
  const lines: string[] = [];
  const reader = createLineReader((line) => lines.push(line));
  const megabyte = Buffer.alloc(1_000_000, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 200; i++) reader.feed(megabyte);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  reader.feed(Buffer.from('\nnext\n'));
  expect(lines.map((line) => line.length)).toEqual([65_536, 4]);
});

test('a log file of another shape is left alone', async () => {
  const folder = scratch();
  const request = inFolder(folder);
  writeFileSync(join(folder, 'logs'), 'a file where the folder should be');
  const output = openOutput(request);
  writeSync(output.fd, 'unheard\n');
  await output.close();
  expect(output.lastLines()).toEqual([]);
  expect(readFileSync(join(folder, 'logs'), 'utf8')).toBe('a file where the folder should be');
});
