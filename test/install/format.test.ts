import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VisorError } from '../../src/errors.ts';
import { compareVersions } from '../../src/install/elf.ts';
import { type Format, inspectProgram } from '../../src/install/format.ts';
import { checkFits, type Host, hostGlibc, thisHost } from '../../src/install/host.ts';
import { tinyElf } from '../support/tiny-elf.ts';

let folder: string;
/** A real program of this machine, small enough to be broken often. */
let real: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-format-'));
  real = await readFile('/bin/sh');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function inspect(bytes: string | Uint8Array): Promise<Format> {
  const path = join(folder, `file-${count++}`);
  await writeFile(path, bytes);
  return inspectProgram(path).finally(() => rm(path));
}

async function patched(change: (bytes: Buffer) => void): Promise<Format> {
  const bytes = Buffer.from(real);
  change(bytes);
  return inspect(bytes);
}

const debian11: Host = { arch: 'x64', endian: 'LE', glibc: '2.31' };
const elf: Format = {
  kind: 'elf',
  bits: 64,
  endian: 'LE',
  machine: 62,
  loader: '/lib64/ld-linux-x86-64.so.2',
  glibc: '2.31',
  missing: null,
};

test.each([process.execPath, '/bin/sh'])('%s, which runs here, fits here', async (path) => {
  const format = await inspectProgram(path);
  expect(format).toMatchObject({ kind: 'elf', missing: null });
  expect(checkFits(format, thisHost())).toBeNull();
});

test('the needed glibc is what the tools of the system say', async (context) => {
  const dump = spawnSync('readelf', ['--version-info', '--wide', process.execPath], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  context.skip(dump.status !== 0, 'no readelf on this machine');
  const needs = dump.stdout.slice(dump.stdout.indexOf('.gnu.version_r'));
  const newest = [...needs.matchAll(/Name: GLIBC_([\d.]+) /g)]
    .map((match) => match[1] ?? '')
    .sort(compareVersions)
    .at(-1);
  expect(await inspectProgram(process.execPath)).toMatchObject({ glibc: newest });
});

test('the glibc of the host is what getconf says', (context) => {
  const answer = spawnSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' });
  context.skip(answer.status !== 0, 'no glibc on this machine');
  expect(`glibc ${hostGlibc()}`).toBe(answer.stdout.trim());
});

test('a compiled program: a static one needs no glibc, a foreign loader is named, an object is none', async (context) => {
  context.skip(spawnSync('cc', ['--version']).status !== 0, 'no C compiler on this machine');
  const source = join(folder, 'main.c');
  await writeFile(source, 'int main(void) { return 0; }\n');
  const build = (name: string, ...flags: string[]) => {
    const made = spawnSync('cc', [source, '-o', join(folder, name), ...flags], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    return join(folder, name);
  };
  expect(await inspectProgram(build('dynamic'))).toMatchObject({ kind: 'elf', missing: null });
  expect(await inspectProgram(build('fixed', '-no-pie'))).toMatchObject({ kind: 'elf' });
  expect(await inspectProgram(build('static', '-static'))).toMatchObject({ loader: null, glibc: null });
  expect(await inspectProgram(build('static-pie', '-static-pie'))).toMatchObject({ loader: null, glibc: null });
  expect(await inspectProgram(build('hash-only', '-Wl,--strip-all', '-Wl,--hash-style=gnu'))).toMatchObject({
    missing: null,
  });
  const foreign = await inspectProgram(build('musl', '-Wl,--dynamic-linker=/lib/ld-musl-none.so.1'));
  expect(foreign.missing).toBe('/lib/ld-musl-none.so.1');
  expect(checkFits(foreign, thisHost())).toMatchObject({
    message: expect.stringContaining('loader'),
    next: expect.stringContaining('musl'),
  });
  await expect(inspectProgram(build('object', '-c'))).rejects.toThrow('no program but an object');
});

test.each([
  ['2.31', null],
  ['2.4', null],
  [null, null],
  ['2.32', 'needs glibc 2.32, this machine has 2.31'],
  ['2.31.1', 'needs glibc 2.31.1, this machine has 2.31'],
  ['3.0', 'needs glibc 3.0, this machine has 2.31'],
])('a need of glibc %s on Debian 11: %s', (glibc, words) => {
  const error = checkFits({ ...elf, glibc }, debian11);
  expect(error?.message ?? null).toEqual(words === null ? null : expect.stringContaining(words));
});

test('where the glibc of the host is not known, the loader decides', () => {
  expect(checkFits({ ...elf, glibc: '9.9' }, { ...debian11, glibc: null })).toBeNull();
  expect(
    checkFits({ ...elf, missing: '/lib64/ld-linux-x86-64.so.2' }, { ...debian11, glibc: null })?.message,
  ).toContain('loader');
});

test.each([
  [{ machine: 183 }, 'is for arm64, this machine is x64'],
  [{ machine: 40, bits: 32 }, 'is for arm, this machine is x64'],
  [{ machine: 3, bits: 32 }, 'is for ia32'],
  [{ bits: 32 }, 'is for machine 62, 32 bits'],
  [{ machine: 243 }, 'is for riscv64'],
  [{ machine: 21, endian: 'BE' }, 'is for ppc64 (BE)'],
  [{ machine: 4_711 }, 'is for machine 4711'],
] as const)('another machine is named: %o', (change, words) => {
  const error = checkFits({ ...elf, ...change } as Format, debian11);
  expect(error).toMatchObject({
    code: 'config',
    message: expect.stringContaining(words),
    next: expect.stringContaining('x64'),
  });
});

test('no machine is known by two names, and ours is known', () => {
  expect(checkFits(elf, { ...debian11, arch: 'arm64' })?.message).toContain('is for x64');
  expect(checkFits(elf, { ...debian11, arch: 'mips' })?.message).toContain('this machine is mips');
});

const broken: [string, (bytes: Buffer) => void, string][] = [
  ['a class that is none', (b) => b.writeUInt8(3, 4), 'class'],
  ['no class', (b) => b.writeUInt8(0, 4), 'class'],
  ['a byte order that is none', (b) => b.writeUInt8(9, 5), 'byte order'],
  ['the type of a core', (b) => b.writeUInt16LE(4, 16), 'type 4'],
  ['no entry', (b) => b.fill(0, 24, 32), 'entry point'],
  ['program headers beyond the end', (b) => b.writeBigUInt64LE(1n << 62n, 32), 'part of its header lies beyond'],
  [
    'program headers at the last address',
    (b) => b.writeBigUInt64LE(2n ** 64n - 1n, 32),
    'part of its header lies beyond',
  ],
  ['program headers of another size', (b) => b.writeUInt16LE(8, 54), 'sensible size'],
  ['too many program headers', (b) => b.writeUInt16LE(0xffff, 56), 'sensible size'],
  ['no program headers', (b) => b.writeUInt16LE(0, 56), 'sensible size'],
];

test.each(broken)('%s is refused with words', async (_, change, words) => {
  const failure = patched(change);
  await expect(failure).rejects.toThrow(VisorError);
  await expect(failure).rejects.toThrow(words);
});

test.each([0, 1, 4, 5, 6, 20, 63, 64, 200, 1_000, 50_000])('cut after %i bytes it is refused', async (length) => {
  await expect(inspect(real.subarray(0, length))).rejects.toThrow(VisorError);
});

const needs = (...names: string[]) => names.map((name) => ({ name }));

test.each([
  { bits: 64, endian: 'LE' },
  { bits: 64, endian: 'BE' },
  { bits: 32, endian: 'LE' },
  { bits: 32, endian: 'BE' },
] as const)('every class and byte order is read: %o', async (shape) => {
  const bytes = tinyElf({ ...shape, machine: 40, versions: needs('GLIBC_2.4', 'GLIBC_2.17', 'GLIBC_2.9') });
  expect(await inspect(bytes)).toEqual({
    kind: 'elf',
    ...shape,
    machine: 40,
    loader: null,
    glibc: '2.17',
    missing: null,
  });
});

test('what the loader only warns of, and what is no version of glibc, demands nothing', async () => {
  const weak = tinyElf({ versions: [{ name: 'GLIBC_2.99', weak: true }, { name: 'GLIBC_2.5' }] });
  expect(await inspect(weak)).toMatchObject({ glibc: '2.5' });
  const others = tinyElf({ versions: needs('GLIBC_PRIVATE', 'GLIBCXX_3.4.30', 'OPENSSL_3.0.0', 'GLIBC_') });
  expect(await inspect(others)).toMatchObject({ glibc: null });
  expect(await inspect(tinyElf({ versions: needs('GLIBC_2.34', 'GLIBC_ABI_DT_RELR') }))).toMatchObject({
    glibc: '2.36',
  });
});

test.each([
  ['a list that walks on the spot', tinyElf({ versions: needs('GLIBC_2.5'), stride: 0, claims: 65_535 }), 'has no end'],
  [
    'a list that walks out of the file',
    tinyElf({ versions: needs('GLIBC_2.5'), stride: 9_000, claims: 2 }),
    'lies beyond',
  ],
  ['a part that is cut off', tinyElf({ versions: needs('GLIBC_2.5') }).subarray(0, 8_191), 'cut off'],
  ['no entry', tinyElf({ withoutEntry: true }), 'no entry point'],
])('%s is refused', async (_, bytes, words) => {
  await expect(inspect(bytes)).rejects.toMatchObject({ name: 'VisorError', message: expect.stringContaining(words) });
});

test('bits that flip never end in anything but an answer or an error with words', async () => {
  // The pages that hold headers and the tables of the loader; the same sequence at every run, so that a failure can be repeated.
  let seed = 20_261_120;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const path = join(folder, 'flipped');
  const bytes = Buffer.from(real);
  let refused = 0;
  for (let round = 0; round < 600; round++) {
    const spoiled = Array.from({ length: 1 + random(8) }, () => random(round % 2 === 0 ? 1_024 : 8_192));
    for (const at of spoiled) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random(8)), at);
    await writeFile(path, bytes);
    const answer = await inspectProgram(path).catch((thrown: unknown) => thrown);
    if (answer instanceof Error) {
      expect(answer, answer.stack ?? '').toBeInstanceOf(VisorError);
      refused++;
    } else expect(['elf', 'script']).toContain((answer as Format).kind);
    for (const at of spoiled) bytes.writeUInt8(real.readUInt8(at), at);
  }
  expect(refused).toBeGreaterThan(50);
});

test.each([
  ['#!/bin/sh\nexit 0\n', '/bin/sh'],
  ['#! /bin/sh -e\n', '/bin/sh'],
  ['#!\t/bin/sh', '/bin/sh'],
])('a script is known by its first line: %j', async (text, interpreter) => {
  expect(await inspect(text)).toEqual({ kind: 'script', interpreter, missing: null });
});

test.each([
  ['#!/opt/none/python3\n', '/opt/none/python3'],
  ['#!/bin/sh\r\n', '/bin/sh\\x0d'],
])('an interpreter that is not here is named: %j', async (text, missing) => {
  const format = await inspect(text);
  expect(checkFits(format, thisHost())).toMatchObject({
    code: 'config',
    message: expect.stringContaining(`interpreter ${missing},`),
  });
});

test('an interpreter that may not be executed does not count as there', async () => {
  const path = join(folder, 'not-executable');
  await writeFile(path, '');
  await chmod(path, 0o644);
  expect((await inspect(`#!${path}\n`)).missing).toBe(path);
});

test.each(['#!\n', '#!', '#!python3\n', '#!/bin/sh\0\n', `#!/${'x'.repeat(300)}\n`])(
  '%j could not start',
  async (text) => {
    await expect(inspect(text)).rejects.toThrow('names no interpreter');
  },
);

test.each([
  ['', 'neither ELF nor a script'],
  ['echo no first line\n', 'neither ELF nor a script'],
  ['<!DOCTYPE html><title>404</title>', 'neither ELF nor a script'],
  [Buffer.from('cffaedfe0c000001', 'hex'), 'macOS'],
  [Buffer.from('cafebabe00000002', 'hex'), 'macOS'],
  ['MZ\x90\0', 'Windows'],
  [Buffer.from('1f8b0800', 'hex'), 'gzip'],
  ['PK\x03\x04', 'zip'],
  [Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0')]), 'tar archive'],
])('what is no program is told: %j', async (bytes, words) => {
  const failure = inspect(bytes);
  await expect(failure).rejects.toMatchObject({ name: 'VisorError', message: expect.stringContaining(words) });
});

test('a folder, a pipe and nothing are told in words', async () => {
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  await expect(inspectProgram(folder)).rejects.toThrow('not a regular file');
  await expect(inspectProgram(join(folder, 'pipe'))).rejects.toThrow('not a regular file');
  await expect(inspectProgram(join(folder, 'nothing'))).rejects.toMatchObject({ name: 'VisorError', code: 'io' });
});
