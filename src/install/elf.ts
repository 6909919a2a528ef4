/**
 * What an ELF file says of itself that decides whether it can start here: the layout is that of the System V ABI (gABI,
 * chapters 4 and 5), of symbol versions that of the Linux Standard Base. Sizes and offsets come from whoever built the file and are not believed: each read stays within
 * the file, each walk has an end.
 */
export interface Elf {
  readonly kind: 'elf';
  readonly bits: 32 | 64;
  readonly endian: 'LE' | 'BE';
  /** `e_machine`. */
  readonly machine: number;
  /** Path of the dynamic loader (PT_INTERP); `null`: linked statically. */
  readonly loader: string | null;
  /** The newest glibc whose symbols it cannot do without, such as `2.34`; `null`: it needs none. */
  readonly glibc: string | null;
}

/** Reads exactly so many bytes from a file; rejects with `ElfDamage` where it has them not. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

/** What is wrong with an ELF file, as the end of a sentence. */
export class ElfDamage extends Error {}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

interface Words {
  u16(at: number): number;
  u32(at: number): number;
  /** 4 or 8 bytes, as the class of the file has it. */
  long(at: number): number;
}

const [ptLoad, ptDynamic, ptInterp] = [1, 2, 3];
const [dtNull, dtStrTab, dtStrSize, dtVerNeed] = [0, 5, 10, 0x6ffffffe];
const weak = 2;
const mostVersions = 10_000;

/** @throws ElfDamage */
export async function readElf(read: ReadBytes, size: number): Promise<Elf> {
  const ident = await read(0, 6);
  const bits = pick(ident[4], [32, 64] as const, 'its class is neither 32 nor 64 bits');
  const endian = pick(ident[5], ['LE', 'BE'] as const, 'its byte order is unknown');
  const see = (bytes: Buffer) => wordsOf(bytes, bits, endian);
  const header = see(await read(0, bits === 64 ? 64 : 52));
  const type = header.u16(16);
  if (type !== 2 && type !== 3)
    throw new ElfDamage(`it is no program but an object, a core or the like (type ${type})`);
  if (header.long(24) === 0) throw new ElfDamage('it has no entry point (a shared library?)');

  const segments = await readSegments(read, header, bits, see);
  if (segments.some(({ type, offset, size: length }) => type === ptLoad && offset + length > size))
    throw new ElfDamage('it is cut off: a part of it lies beyond its end');
  if (!segments.some(({ type }) => type === ptLoad)) throw new ElfDamage('nothing of it is to be loaded');
  const loader = await readLoader(read, segments);
  return {
    kind: 'elf',
    bits,
    endian,
    machine: header.u16(18),
    loader,
    glibc: await readGlibc(read, segments, bits, see),
  };
}

/** Orders versions such as `2.9` and `2.34`, number by number. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function readSegments(
  read: ReadBytes,
  header: Words,
  bits: 32 | 64,
  see: (bytes: Buffer) => Words,
): Promise<Segment[]> {
  const is64 = bits === 64;
  const [entry, count] = is64 ? [header.u16(54), header.u16(56)] : [header.u16(42), header.u16(44)];
  // The kernel asks for exactly this size of an entry, and for a table of at most 64 KiB (fs/binfmt_elf.c).
  if (entry !== (is64 ? 56 : 32) || count === 0 || count * entry > 65_536)
    throw new ElfDamage('its program headers have no sensible size');
  const table = see(await read(header.long(is64 ? 32 : 28), count * entry));
  return Array.from({ length: count }, (_, i) => i * entry).map((at) => ({
    type: table.u32(at),
    offset: table.long(at + (is64 ? 8 : 4)),
    address: table.long(at + (is64 ? 16 : 8)),
    size: table.long(at + (is64 ? 32 : 16)),
  }));
}

async function readLoader(read: ReadBytes, segments: readonly Segment[]): Promise<string | null> {
  const segment = segments.find(({ type }) => type === ptInterp);
  if (segment === undefined) return null;
  if (segment.size < 2 || segment.size > 4_096) throw new ElfDamage('the path of its loader has no sensible length');
  const path = await read(segment.offset, segment.size);
  if (path.at(-1) !== 0) throw new ElfDamage('the path of its loader has no end');
  return path.toString('latin1', 0, path.indexOf(0));
}

/** The walk of `.gnu.version_r`, found as the loader finds it: through PT_DYNAMIC, since section headers may be stripped. */
async function readGlibc(
  read: ReadBytes,
  segments: readonly Segment[],
  bits: 32 | 64,
  see: (bytes: Buffer) => Words,
): Promise<string | null> {
  const tags = await readDynamic(read, segments, bits / 8, see);
  const [strings, length, needs] = [tags.get(dtStrTab), tags.get(dtStrSize) ?? 0, tags.get(dtVerNeed)];
  if (needs === undefined || strings === undefined) return null;
  const [base, start] = [offsetOf(segments, strings), offsetOf(segments, needs)];
  const nameAt = async (at: number) => {
    if (at >= length) throw new ElfDamage('the name of a version lies outside its strings');
    const text = await read(base + at, Math.min(64, length - at));
    return text.toString('latin1', 0, Math.max(0, text.indexOf(0)));
  };
  let newest: string | null = null;
  for (const at of await namesNeeded(read, start, see)) {
    const version = glibcOf(await nameAt(at));
    if (version !== null && (newest === null || compareVersions(version, newest) > 0)) newest = version;
  }
  return newest;
}

async function readDynamic(
  read: ReadBytes,
  segments: readonly Segment[],
  word: number,
  see: (bytes: Buffer) => Words,
): Promise<Map<number, number>> {
  const tags = new Map<number, number>();
  const dynamic = segments.find(({ type }) => type === ptDynamic);
  if (dynamic === undefined) return tags;
  if (dynamic.size > 65_536) throw new ElfDamage('its dynamic section has no sensible size');
  const table = see(await read(dynamic.offset, dynamic.size));
  for (let at = 0; at + 2 * word <= dynamic.size && table.long(at) !== dtNull; at += 2 * word)
    tags.set(table.long(at), table.long(at + word));
  return tags;
}

/** Where the names of all versions lie that the loader would refuse to do without (a weak one it only warns of). */
async function namesNeeded(read: ReadBytes, start: number, see: (bytes: Buffer) => Words): Promise<number[]> {
  const names: number[] = [];
  let steps = 0;
  const entry = async (at: number) => {
    if (steps++ > mostVersions) throw new ElfDamage('its list of versions has no end');
    return see(await read(at, 16));
  };
  for (let at = start, next = 1; next !== 0; at += next) {
    const need = await entry(at);
    next = need.u32(12);
    for (let aux = at + need.u32(8), left = need.u16(2); left > 0; left--) {
      const version = await entry(aux);
      if ((version.u16(4) & weak) === 0) names.push(version.u32(8));
      aux += version.u32(12);
    }
  }
  return names;
}

/** `GLIBC_ABI_DT_RELR` is a mark, not a version: glibc has it since 2.36 (its NEWS). */
function glibcOf(name: string): string | null {
  if (name === 'GLIBC_ABI_DT_RELR') return '2.36';
  return /^GLIBC_(\d{1,3}(?:\.\d{1,3}){1,3})$/.exec(name)?.[1] ?? null;
}

function offsetOf(segments: readonly Segment[], address: number): number {
  const holder = segments.find((s) => s.type === ptLoad && s.address <= address && address < s.address + s.size);
  if (holder === undefined) throw new ElfDamage('a table of its loader lies outside of what is loaded');
  return holder.offset + (address - holder.address);
}

function wordsOf(bytes: Buffer, bits: 32 | 64, endian: 'LE' | 'BE'): Words {
  const u16 = (at: number) => (endian === 'LE' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (endian === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  // What does not fit a safe integer is no offset in any file: it stays too large, and is refused where it is used.
  const u64 = (at: number) => Number(endian === 'LE' ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return { u16, u32, long: bits === 64 ? u64 : u32 };
}

function pick<T>(value: number | undefined, choices: readonly [T, T], damage: string): T {
  const chosen = choices[(value ?? 0) - 1];
  if (chosen === undefined) throw new ElfDamage(damage);
  return chosen;
}
