import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';
import { type Elf, ElfDamage, readElf } from './elf.ts';

export type Format = (Elf | Script) & {
  /** Of what must be there to start it (the loader of an ELF program, the interpreter of a script): not here, or not executable. */
  readonly missing: string | null;
};

/** A `#!` file. */
export interface Script {
  readonly kind: 'script';
  readonly interpreter: string;
}

const publisher = 'Tell whoever publishes the release: a file is to be named that runs on Linux.';
const member = 'It is an archive: name the program in it as "download": {"member": "…"} of the client.';

/** What people publish by mistake, by its first bytes: what it is, and what to do. */
const strangers: readonly (readonly [magic: string, what: string, next: string])[] = [
  ['cffaedfe', 'a program for macOS (Mach-O)', publisher],
  ['cefaedfe', 'a program for macOS (Mach-O)', publisher],
  ['feedfacf', 'a program for macOS (Mach-O)', publisher],
  ['feedface', 'a program for macOS (Mach-O)', publisher],
  ['cafebabe', 'a program for macOS (Mach-O, several machines) or a Java class', publisher],
  ['4d5a', 'a program for Windows', publisher],
  ['1f8b', 'compressed by gzip', member],
  ['504b0304', 'a zip file', publisher],
  ['fd377a585a00', 'compressed by xz', publisher],
  ['28b52ffd', 'compressed by zstd', publisher],
];

/**
 * What a program is and what it needs. Asked before the old child is stopped: a start that the kernel or the loader refuses
 * is known beforehand, and a text without `#!`, which a shell would run, is no program at all.
 * @throws VisorError if it is neither an ELF program nor a `#!` script, or damaged.
 */
export async function inspectProgram(path: string): Promise<Format> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await inspect(file);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof ElfDamage) throw refuse(`an ELF program that could start: ${thrown.message}`, publisher);
    throw withWords(`The program ${path} cannot be read`, thrown);
  }
}

async function inspect(file: FileHandle): Promise<Format> {
  const stats = await file.stat();
  if (!stats.isFile()) throw refuse('a regular file', publisher);
  const head = await readUpTo(file, 0, Math.min(512, stats.size));
  if (head.toString('latin1', 0, 4) === '\x7fELF') {
    const elf = await readElf((offset, length) => readExactly(file, stats.size, offset, length), stats.size);
    return { ...elf, missing: await missing(elf.loader) };
  }
  if (head.toString('latin1', 0, 2) === '#!') {
    const interpreter = interpreterOf(head.toString('latin1'));
    return { kind: 'script', interpreter, missing: await missing(interpreter) };
  }
  throw strange(head);
}

/** The kernel reads 255 characters of the line at most, and takes a relative path from wherever the process stands. */
function interpreterOf(head: string): string {
  const line = head.slice(2, 256);
  const end = line.indexOf('\n');
  const interpreter = /^[ \t]*([^ \t]*)/.exec(end < 0 ? line : line.slice(0, end))?.[1] ?? '';
  const isCut = end < 0 && line.length + 2 >= 256 && !/[ \t]/.test(line.trimStart());
  if (!interpreter.startsWith('/') || interpreter.includes('\0') || isCut)
    throw refuse(`a script that could start: its first line names no interpreter by an absolute path`, publisher);
  return interpreter;
}

async function missing(path: string | null): Promise<string | null> {
  if (path === null) return null;
  return access(path, constants.X_OK).then(
    () => null,
    () => printable(path),
  );
}

function strange(head: Buffer): VisorError {
  const hex = head.toString('hex');
  const known = strangers.find(([magic]) => hex.startsWith(magic));
  if (known !== undefined)
    return new VisorError('protocol', `The file is ${known[1]}, nothing that runs here.`, known[2]);
  if (head.toString('latin1', 257, 262) === 'ustar')
    return new VisorError('protocol', 'The file is a tar archive.', member);
  return refuse('a program: neither ELF nor a script with a #! line', publisher);
}

const refuse = (what: string, next: string): VisorError => new VisorError('protocol', `The file is not ${what}.`, next);

async function readExactly(file: FileHandle, size: number, offset: number, length: number): Promise<Buffer> {
  if (!(offset >= 0 && offset + length <= size)) throw new ElfDamage('a part of its header lies beyond its end');
  const bytes = await readUpTo(file, offset, length);
  if (bytes.length < length) throw new ElfDamage('it became shorter while it was read');
  return bytes;
}

async function readUpTo(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
