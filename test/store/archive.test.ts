import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, test } from 'vitest';
import { type ArchiveLimits, extractMember } from '../../src/store/archive.ts';
import { checksumOf, failureOf, modeOf, namesIn, noise, scratchFolder } from './scratch.ts';

const bytes = noise(300_001);
const never = new AbortController().signal;
const bare = checksumOf(bytes).slice(2);

interface Member {
  readonly path: string;
  readonly body?: Buffer;
  readonly type?:
    | 'File'
    | 'SymbolicLink'
    | 'Link'
    | 'Directory'
    | 'CharacterDevice'
    | 'BlockDevice'
    | 'FIFO'
    | 'SparseFile';
  readonly linkpath?: string;
  /** What the header claims; the body's length if absent. */
  readonly size?: number;
}

/** A tar as anybody may make it: member by member, honest or not. */
function tarOf(...members: readonly Member[]): Buffer {
  return Buffer.concat([...members.map(packed), Buffer.alloc(1_024)]);
}

function packed({ path, body = Buffer.alloc(0), type = 'File', linkpath, size = body.length }: Member): Buffer {
  const block = Buffer.alloc(512);
  const header = new Header({ path, type, size, mode: 0o644, ...(linkpath !== undefined && { linkpath }) });
  if (header.encode(block, 0)) throw new Error(`${path} needs an extended header`);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

const vault: Member = { path: 'vault', body: bytes };
const readme: Member = { path: 'docs/README', body: Buffer.from('read me') };

async function unpack(archive: Buffer, member = 'vault', limits: Partial<ArchiveLimits> = {}) {
  const folder = await scratchFolder();
  const [file, target] = [join(folder, 'archive'), join(folder, 'target')];
  await writeFile(file, archive);
  return { folder, target, result: extractMember(file, member, target, never, limits) };
}

test.each([
  ['tar', tarOf(readme, vault)],
  ['tar.gz', gzipSync(tarOf(vault, readme))],
  ['a member called ./vault', tarOf({ path: './', type: 'Directory' }, { ...vault, path: './vault' })],
  [
    'links and folders beside it',
    tarOf({ path: 'latest', type: 'SymbolicLink', linkpath: 'vault' }, { path: 'docs/', type: 'Directory' }, vault),
  ],
  ['a tar without its end', tarOf(vault).subarray(0, -1_024)],
  [
    'two gzips in one file',
    Buffer.concat([gzipSync(tarOf(vault).subarray(0, 1_000)), gzipSync(tarOf(vault).subarray(1_000))]),
  ],
])('%s: the member and nothing else, read-only and executable', async (_, archive) => {
  const { folder, target, result } = await unpack(archive);
  expect(await result).toEqual({ sha256: bare, bytes: bytes.length });
  expect(bytes.equals(await readFile(target))).toBe(true);
  expect(await modeOf(target)).toBe(0o555);
  expect(await namesIn(folder)).toEqual(['archive', 'target']);
});

test('a name below folders, an empty member, a small first step', async () => {
  const nested = await unpack(tarOf({ path: 'a/b/vault', body: bytes }, readme), './a/b/vault');
  expect((await nested.result).bytes).toBe(bytes.length);
  const empty = await unpack(tarOf({ path: 'vault' }));
  expect(await empty.result).toEqual({ sha256: checksumOf('').slice(2), bytes: 0 });
});

const zeros = Buffer.alloc(40 * 1024 ** 2);

describe('what no honest publisher makes is refused, and nothing is left', () => {
  test.each<[string, Buffer, RegExp, Partial<ArchiveLimits>?]>([
    ['no such member', tarOf(readme), /holds no vault, but docs\/README/],
    ['two of the name', tarOf(vault, readme, { ...vault, path: './vault' }), /more than once/],
    [
      'a symbolic link of the name',
      tarOf({ path: 'vault', type: 'SymbolicLink', linkpath: '/bin/sh' }),
      /SymbolicLink/,
    ],
    ['a hard link of the name', tarOf(readme, { path: 'vault', type: 'Link', linkpath: 'docs/README' }), /is a Link/],
    ['a folder of the name', tarOf({ path: 'vault', type: 'Directory' }), /holds no vault|Directory/],
    ['a sparse file of the name', tarOf({ path: 'vault', type: 'SparseFile' }), /SparseFile/],
    ['a character device', tarOf(vault, { path: 'null', type: 'CharacterDevice' }), /CharacterDevice/],
    ['a block device', tarOf({ path: 'sda', type: 'BlockDevice' }, vault), /BlockDevice/],
    ['a fifo', tarOf(vault, { path: 'pipe', type: 'FIFO' }), /FIFO/],
    ['a way up', tarOf(vault, { path: '../../vault', body: bytes }), /is called \.\.\/\.\.\/vault/],
    ['a way up in the middle', tarOf(vault, { path: 'a/../vault', body: bytes }), /is called/],
    ['an absolute name', tarOf(vault, { path: '/etc/passwd', body: bytes }), /is called \/etc\/passwd/],
    ['a truncated member', tarOf(vault).subarray(0, 100_000), /Truncated|cut short/],
    ['a truncated gzip', gzipSync(tarOf(vault)).subarray(0, 100_000), /unexpected end/],
    ['a damaged gzip', Buffer.concat([gzipSync(tarOf(vault)).subarray(0, 5_000), noise(5_000)]), /cannot be unpacked/],
    [
      'a damaged header',
      Buffer.concat([packed(vault), packed(readme).fill('x', 0, 1), Buffer.alloc(1_024)]),
      /checksum failure/,
    ],
    ['noise for a header', Buffer.concat([packed(vault), noise(512), Buffer.alloc(1_024)]), /cannot be unpacked/],
    ['a size that is not there', tarOf({ ...vault, size: 10_000_000 }), /Truncated|cut short/],
    ['no archive', noise(5_000), /neither tar nor tar\.gz/],
    ['a program itself', Buffer.concat([Buffer.from('\x7fELF'), noise(5_000)]), /neither tar nor tar\.gz/],
    ['an empty file', Buffer.alloc(0), /Unrecognized|holds no vault/],
    ['a gzip of no tar', gzipSync(noise(5_000)), /neither tar nor tar\.gz/],
    ['a gzip within a gzip', gzipSync(gzipSync(tarOf(vault))), /neither tar nor tar\.gz/],
    ['a member above the cap', tarOf(vault), /more than the 300000 allowed/, { maxBytes: 300_000 }],
    ['a bomb as the member', gzipSync(tarOf({ path: 'vault', body: zeros })), /unpacks to more than/],
    [
      'a bomb beside the member',
      gzipSync(tarOf(vault, { path: 'zeros', body: zeros })),
      /unpacks to more than/,
      { maxRatio: 10 },
    ],
    [
      'too much in all',
      tarOf(vault, { path: 'more', body: bytes }),
      /unpacks to more than 500000/,
      { maxTotal: 500_000 },
    ],
  ])('%s', async (_, archive, says, limits) => {
    const { folder, result } = await unpack(archive, 'vault', limits);
    const error = await failureOf(result);
    expect(error).toMatchObject({ name: 'VisorError', code: 'protocol' });
    expect(String(error)).toMatch(says);
    expect(await namesIn(folder)).toEqual(['archive']);
  });

  test('a target that is there is not touched', async () => {
    const { folder, target, result } = await unpack(tarOf(vault));
    await result;
    const again = extractMember(join(folder, 'archive'), 'vault', target, never);
    expect(await failureOf(again)).toMatchObject({ code: 'io', message: expect.stringContaining('EEXIST') });
    expect(bytes.equals(await readFile(target))).toBe(true);
  });

  test('an archive that is not there, and an abort', async () => {
    const { folder, target, result } = await unpack(tarOf(vault), 'none');
    await failureOf(result);
    expect(await failureOf(extractMember(join(folder, 'absent'), 'vault', target, never))).toMatchObject({
      code: 'io',
    });
    const stopped = extractMember(join(folder, 'archive'), 'vault', target, AbortSignal.abort(new Error('stop')));
    expect(await failureOf(stopped)).toMatchObject({ message: 'stop' });
    expect(await namesIn(folder)).toEqual(['archive']);
  });
});
