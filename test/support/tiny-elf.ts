/** An ELF program with nothing in it but what the loader looks at, so that each of its words can be chosen. */
export interface TinyElf {
  readonly bits?: 32 | 64;
  readonly endian?: 'LE' | 'BE';
  readonly machine?: number;
  /** The versions that it needs of libc.so.6. */
  readonly versions?: readonly { readonly name: string; readonly weak?: boolean }[];
  /** How far each entry of the versions is from the next; 0 walks on the spot. */
  readonly stride?: number;
  /** The count that the list claims to have. */
  readonly claims?: number;
  readonly withoutEntry?: boolean;
}

export function tinyElf(options: TinyElf = {}): Buffer {
  const { bits = 64, endian = 'LE', machine = 62, versions = [], stride = 16 } = options;
  const is64 = bits === 64;
  const bytes = Buffer.alloc(8_192);
  const put = (at: number, size: number, value: number) =>
    size === 8
      ? endian === 'LE'
        ? bytes.writeBigUInt64LE(BigInt(value), at)
        : bytes.writeBigUInt64BE(BigInt(value), at)
      : endian === 'LE'
        ? bytes.writeUIntLE(value, at, size)
        : bytes.writeUIntBE(value, at, size);
  const word = bits / 8;
  const base = 0x40_0000;

  Buffer.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, endian === 'LE' ? 1 : 2, 1]).copy(bytes);
  put(16, 2, 2);
  put(18, 2, machine);
  put(24, word, options.withoutEntry === true ? 0 : base + 64);
  put(is64 ? 32 : 28, word, 64);
  put(is64 ? 54 : 42, 2, is64 ? 56 : 32);
  put(is64 ? 56 : 44, 2, 2);
  const segment = (at: number, type: number, offset: number, size: number) => {
    put(at, 4, type);
    put(at + (is64 ? 8 : 4), word, offset);
    put(at + (is64 ? 16 : 8), word, base + offset);
    put(at + (is64 ? 32 : 16), word, size);
  };
  segment(64, 1, 0, bytes.length);
  segment(64 + (is64 ? 56 : 32), 2, 512, 8 * word);

  const [strings, needs] = [1_024, 4_096];
  const tags = [
    [5, base + strings],
    [10, 1_024],
    [0x6ffffffe, base + needs],
    [0, 0],
  ];
  for (const [i, [tag = 0, value = 0]] of tags.entries()) {
    put(512 + i * 2 * word, word, tag);
    put(512 + i * 2 * word + word, word, value);
  }
  put(needs + 2, 2, options.claims ?? versions.length);
  put(needs + 8, 4, 16);
  for (const [i, { name, weak = false }] of versions.entries()) {
    const at = needs + 16 + i * 16;
    put(at + 4, 2, weak ? 2 : 0);
    put(at + 8, 4, 1 + i * 32);
    put(at + 12, 4, stride);
    bytes.write(name, strings + 1 + i * 32, 'latin1');
  }
  return bytes;
}
