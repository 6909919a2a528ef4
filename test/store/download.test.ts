import { appendFile, mkdir, readFile, statfs, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/layout.ts';
import { type DownloadRequest, download } from '../../src/store/download.ts';
import type { Limits } from '../../src/store/transfer/limits.ts';
import type { Progress } from '../../src/store/transfer/pour.ts';
import {
  type Answering,
  cutAfter,
  drip,
  endless,
  gzipped,
  honest,
  type LyingServer,
  lyingServer,
  redirect,
  silence,
  stallAfter,
  status,
  whole,
} from '../support/lying-server.ts';
import { checksumOf, failureOf, modeOf, namesIn, noise, scratchFolder, scratchStore } from './scratch.ts';

const bytes = noise(3_000_000);
const checksum = checksumOf(bytes);
const name = checksum.slice(2);

async function serverOf(paths: Record<string, Answering>): Promise<LyingServer> {
  const server = await lyingServer(paths);
  onTestFinished(() => server.close());
  return server;
}

function requestFor(uris: readonly string[], more: Partial<DownloadRequest> = {}): DownloadRequest {
  return { checksum, uris, allowInsecure: false, allowFile: false, ...more };
}

const never = new AbortController().signal;

/** What must hold after every failure: no name in `sha256/`, nothing executable. */
async function expectNothingGained(store: Store): Promise<void> {
  expect(await namesIn(store.verified)).toEqual([]);
  for (const left of await namesIn(store.partial)) expect(await modeOf(join(store.partial, left))).toBe(0o600);
}

describe('an honest server', () => {
  test('its bytes are verified, read-only, executable, and nothing is left in partial/', async () => {
    const store = await scratchStore();
    const server = await serverOf({ '/vault': honest(bytes) });
    const reports: Progress[] = [];
    const downloaded = await download(
      store,
      requestFor([server.url('/vault')], { progress: (report) => reports.push(report) }),
      never,
    );
    expect(downloaded).toEqual({
      checksum,
      path: join(store.verified, name),
      bytes: bytes.length,
      uri: server.url('/vault'),
    });
    expect(bytes.equals(await readFile(downloaded.path))).toBe(true);
    expect(await modeOf(downloaded.path)).toBe(0o555);
    expect(await modeOf(store.verified)).toBe(0o700);
    expect(await modeOf(store.partial)).toBe(0o700);
    expect(await namesIn(store.partial)).toEqual([]);
    expect(reports.at(-1)).toEqual({ received: bytes.length, total: bytes.length });
    expect(server.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(server.requests[0]?.headers.range).toBeUndefined();
  });

  test('a chunked body without a length, and an empty file', async () => {
    const store = await scratchStore();
    const server = await serverOf({
      '/chunked': (_, response) => void response.writeHead(200).end(bytes),
      '/empty': status(200),
    });
    expect((await download(store, requestFor([server.url('/chunked')]), never)).bytes).toBe(bytes.length);
    const empty = checksumOf('');
    expect((await download(store, requestFor([server.url('/empty')], { checksum: empty }), never)).bytes).toBe(0);
  });

  test('a password in the URI is sent to its host, and shown to nobody', async () => {
    const store = await scratchStore();
    const other = await serverOf({ '/away': status(404) });
    const server = await serverOf({ '/here': redirect('/there'), '/there': redirect(other.url('/away')) });
    const uri = server.url('/here?token=hush').replace('//', '//ann:secret@');
    const error = await failureOf(download(store, requestFor([uri]), never));
    const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization]);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(String(error)).toContain('404');
    expect(String(error)).not.toMatch(/secret|hush/);
  });
});

interface Attack {
  readonly name: string;
  readonly answer: Answering;
  readonly says: RegExp;
  readonly code?: string;
  readonly limits?: Partial<Limits>;
  readonly maxBytes?: number;
}

const attacks: readonly Attack[] = [
  {
    name: 'wrong bytes',
    answer: whole(noise(3_000_000, 'other')),
    says: /other bytes, with the SHA-256 0x/,
    code: 'protocol',
  },
  { name: 'a 404 page', answer: status(404, 'not here'), says: /answered 404/ },
  { name: 'a 404 page that says 200', answer: status(200, '<h1>not here</h1>'), says: /other bytes/, code: 'protocol' },
  { name: 'an error', answer: status(503), says: /answered 503/ },
  { name: 'a redirect that leads nowhere', answer: status(302), says: /answered 302/ },
  { name: 'a truncated body', answer: cutAfter(bytes, 1_000_000), says: /127\.0\.0\.1/ },
  {
    name: 'a body that ends early without a length',
    answer: status(200, bytes.subarray(0, 9).toString('latin1')),
    says: /other bytes/,
    code: 'protocol',
  },
  { name: 'an endless body', answer: endless, says: /more than the 4000000 bytes/, maxBytes: 4_000_000 },
  {
    name: 'a length above the cap',
    answer: whole(bytes),
    says: /3000000 bytes, more than the 2999999/,
    maxBytes: 2_999_999,
  },
  { name: 'gzip that nobody asked for', answer: gzipped(bytes), says: /encoded \(gzip\)/ },
  { name: 'a slow drip', answer: drip, says: /sent \d+ bytes in 0\.2 s/, limits: { window: 200, minSpeed: 10_000 } },
  {
    name: 'a fast start and then a drip',
    answer: (request, response) => {
      response.write(bytes.subarray(0, 500_000));
      drip(request, response);
    },
    says: /sent \d+ bytes in 0\.2 s/,
    limits: { window: 200, minSpeed: 10_000, deadline: 5_000 },
  },
  {
    name: 'a drip that is fast enough, for ever',
    answer: drip,
    says: /longer than 0\.3 s/,
    limits: { window: 100, minSpeed: 1, deadline: 300 },
  },
  { name: 'no head', answer: silence, says: /did not answer within 0\.1 s/, limits: { headers: 100 } },
  {
    name: 'a head and no body',
    answer: stallAfter(bytes, 0),
    says: /Body Timeout|sent 0 bytes/,
    limits: { stall: 100, window: 2_000 },
  },
  {
    name: 'a body that stalls',
    answer: stallAfter(bytes, 1_000),
    says: /sent \d+ bytes in 0\.2 s/,
    limits: { window: 200, minSpeed: 10_000 },
  },
  {
    name: 'a part nobody asked for',
    answer: status(206, 'x', { 'content-range': 'bytes 5-5/6' }),
    says: /another part/,
  },
  { name: 'a part without saying which', answer: status(206, 'x'), says: /no Content-Range/ },
  { name: 'a 416 to a request without a range', answer: status(416), says: /does not have the part/ },
  {
    name: 'control characters for a reason',
    answer: status(200, 'x', { 'content-encoding': 'a\u009bb' }),
    says: /a\\x9bb/,
  },
];

describe('a server that lies', () => {
  test.each(attacks)(
    '$name: nothing is promoted, the next mirror is asked',
    async ({ answer, says, code = 'network', limits, maxBytes }) => {
      const store = await scratchStore();
      const server = await serverOf({ '/lie': answer, '/truth': honest(bytes) });
      const more = { ...(limits && { limits }), ...(maxBytes !== undefined && { maxBytes }) };
      const error = await failureOf(download(store, requestFor([server.url('/lie')], more), never));
      expect(error).toMatchObject({ name: 'VisorError', code });
      expect(String(error)).toMatch(says);
      await expectNothingGained(store);
      if (maxBytes !== undefined && maxBytes < bytes.length) return;
      const downloaded = await download(store, requestFor([server.url('/lie'), server.url('/truth')], more), never);
      expect(downloaded.uri).toBe(server.url('/truth'));
      expect(bytes.equals(await readFile(downloaded.path))).toBe(true);
    },
  );

  test('what was verified before is not touched by it', async () => {
    const store = await scratchStore();
    const server = await serverOf({ '/truth': honest(bytes), '/lie': whole(noise(10)) });
    const { path } = await download(store, requestFor([server.url('/truth')]), never);
    await failureOf(download(store, requestFor([server.url('/lie')], { checksum: checksumOf('else') }), never));
    expect(await namesIn(store.verified)).toEqual([name]);
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  test('every failure is told, and an unreachable host is one', async () => {
    const store = await scratchStore();
    const server = await serverOf({});
    await server.close();
    const error = await failureOf(
      download(store, requestFor([server.url('/a'), 'no uri', 'ftp://127.0.0.1/b']), never),
    );
    expect(String(error)).toMatch(/ECONNREFUSED.*"no uri": this is not a URL.*ftp: is not allowed/);
  });

  test('no URI at all', async () => {
    expect(await failureOf(download(await scratchStore(), requestFor([]), never))).toMatchObject({ code: 'config' });
  });
});

describe('redirects', () => {
  test('five are followed, six are not', async () => {
    const store = await scratchStore();
    const hops = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((n) => [`/${n}`, redirect(n === 6 ? '/truth' : `/${n + 1}`, 307)]),
    );
    const server = await serverOf({ ...hops, '/truth': honest(bytes) });
    expect(String(await failureOf(download(store, requestFor([server.url('/1')]), never)))).toMatch(
      /more than 5 times/,
    );
    expect((await download(store, requestFor([server.url('/2')]), never)).uri).toBe(server.url('/2'));
  });

  test.each([
    ['file:///etc/passwd', /file: is not allowed/],
    ['http://169.254.169.254/latest/meta-data', /plain http/],
    ['https://169.254.169.254/latest/meta-data', /a link-local address/],
    ['https://10.0.0.1/', /a private address/],
    ['https://[fd00::1]/', /a private address/],
    ['https://[::ffff:192.168.0.1]/', /a private address/],
    ['http://192.0.2.1/', /plain http/],
    ['http://[', /not a URL/],
  ])('to %s is refused, a file on this machine too', async (location, says) => {
    const store = await scratchStore();
    const server = await serverOf({ '/away': redirect(location) });
    const error = await failureOf(download(store, requestFor([server.url('/away')], { allowFile: true }), never));
    expect(String(error)).toMatch(says);
    await expectNothingGained(store);
  });
});

describe('going on where it stopped', () => {
  const half = 1_500_000;

  async function interrupted(
    paths: Record<string, Answering>,
  ): Promise<{ store: Store; server: LyingServer; uri: string }> {
    const store = await scratchStore();
    let calls = 0;
    const first: Answering = (request, response) => {
      calls += 1;
      (calls === 1 ? cutAfter(bytes, half) : paths['/vault']!)(request, response);
    };
    const server = await serverOf({ ...paths, '/vault': first });
    await failureOf(download(store, requestFor([server.url('/vault')]), never));
    const partial = await readFile(join(store.partial, name));
    expect(partial.length).toBeGreaterThan(0);
    expect(bytes.subarray(0, partial.length).equals(partial)).toBe(true);
    return { store, server, uri: server.url('/vault') };
  }

  async function expectWhole(store: Store, uris: readonly string[]): Promise<void> {
    const { path } = await download(store, requestFor(uris), never);
    expect(bytes.equals(await readFile(path))).toBe(true);
    expect(await namesIn(store.partial)).toEqual([]);
  }

  const ranges = ({ requests }: LyingServer) =>
    requests.map(({ headers }) => [headers.range !== undefined, headers['if-range'] ?? null]);

  test('only the rest is asked for, and only of the same file', async () => {
    const { store, server, uri } = await interrupted({ '/vault': honest(bytes) });
    const { length } = await readFile(join(store.partial, name));
    await expectWhole(store, [uri]);
    expect(server.requests[1]?.headers.range).toBe(`bytes=${length}-`);
    expect(ranges(server)).toEqual([
      [false, null],
      [true, '"one"'],
    ]);
  });

  test('another file under the same URI (200) begins from zero', async () => {
    const { store, server, uri } = await interrupted({ '/vault': honest(bytes, '"two"') });
    await expectWhole(store, [uri]);
    expect(server.requests).toHaveLength(2);
  });

  test('a server that knows no ranges begins from zero', async () => {
    const { store, uri } = await interrupted({ '/vault': whole(bytes) });
    await expectWhole(store, [uri]);
  });

  test('a mirror goes on too, without the ETag of another', async () => {
    const { store, server } = await interrupted({ '/vault': status(500), '/mirror': honest(bytes, '"mirrored"') });
    await expectWhole(store, [server.url('/vault'), server.url('/mirror')]);
    expect(ranges(server).at(-1)).toEqual([true, null]);
  });

  test.each<[string, Answering]>([
    [
      'a wrong rest',
      (_, response) =>
        void response.writeHead(206, { 'content-range': `bytes ${half}-${half + 2}/${half + 3}` }).end('xyz'),
    ],
    ['another part', (_, response) => void response.writeHead(206, { 'content-range': 'bytes 0-2/3' }).end('xyz')],
    ['no such part', status(416)],
  ])('%s: once more, from zero', async (_, lie) => {
    let calls = 0;
    const answer: Answering = (request, response) => {
      calls += 1;
      (calls === 1 ? lie : honest(bytes))(request, response);
    };
    const { store, server, uri } = await interrupted({ '/vault': answer });
    await expectWhole(store, [uri]);
    expect(ranges(server).at(-1)).toEqual([false, null]);
    expect(server.requests).toHaveLength(3);
  });

  test('a server that begins from zero with wrong bytes: refused as if it were the first time', async () => {
    const { store, server, uri } = await interrupted({ '/vault': whole(noise(3_000_000, 'other')) });
    expect(await failureOf(download(store, requestFor([uri]), never))).toMatchObject({ code: 'protocol' });
    expect(server.requests).toHaveLength(2);
    await expectNothingGained(store);
    expect(await readFile(join(store.partial, name))).toHaveLength(0);
  });

  test('wrong bytes from zero too: asked no third time', async () => {
    const { store, server, uri } = await interrupted({ '/vault': honest(noise(3_000_000, 'other')) });
    expect(await failureOf(download(store, requestFor([uri]), never))).toMatchObject({ code: 'protocol' });
    expect(server.requests.length).toBeLessThanOrEqual(3);
    await expectNothingGained(store);
  });

  test('a partial file that a power cut filled with something else costs one more try', async () => {
    const { store, uri } = await interrupted({ '/vault': honest(bytes) });
    await appendFile(join(store.partial, name), Buffer.alloc(4_096));
    await expectWhole(store, [uri]);
  });

  test('a retry begins at the URI that was named, not where its redirect led', async () => {
    const { store, server, uri } = await interrupted({
      '/vault': redirect('/signed-anew'),
      '/signed-anew': honest(bytes),
    });
    await expectWhole(store, [uri]);
    expect(server.requests.map(({ url }) => url)).toEqual(['/vault', '/vault', '/signed-anew']);
    expect(server.requests[2]?.headers.range).toBeDefined();
  });

  test('all bytes there already: nobody is asked', async () => {
    const store = await scratchStore();
    await mkdir(store.partial, { recursive: true });
    await writeFile(join(store.partial, name), bytes, { mode: 0o555 });
    const { uri } = await download(store, requestFor(['http://127.0.0.1:1/']), never);
    expect(uri).toBeNull();
    expect(await namesIn(store.verified)).toEqual([name]);
  });

  test('a damaged note beside it costs nothing', async () => {
    const { store, uri } = await interrupted({ '/vault': honest(bytes) });
    await writeFile(join(store.partial, `${name}.json`), '{"uri"');
    await expectWhole(store, [uri]);
  });

  test('a link in its place is not followed', async () => {
    const store = await scratchStore();
    const precious = join(await scratchFolder(), 'precious');
    await writeFile(precious, 'precious');
    await mkdir(store.partial, { recursive: true });
    await symlink(precious, join(store.partial, name));
    const server = await serverOf({ '/vault': honest(bytes) });
    expect(await failureOf(download(store, requestFor([server.url('/vault')]), never))).toMatchObject({
      name: 'VisorError',
    });
    expect(await readFile(precious, 'utf8')).toBe('precious');
    expect(await modeOf(precious)).toBe(0o644);
  });
});

describe('what the operator decides', () => {
  test('an abort ends it with the reason given; the part stays', async () => {
    const store = await scratchStore();
    const server = await serverOf({ '/stall': stallAfter(bytes, 100_000) });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const request = requestFor([server.url('/stall'), server.url('/never')], {
      progress: () => controller.abort(reason),
    });
    expect(await failureOf(download(store, request, controller.signal))).toBe(reason);
    expect(server.requests).toHaveLength(1);
    expect((await readFile(join(store.partial, name))).length).toBeGreaterThan(0);
    await expectNothingGained(store);
  });

  test('a file URI only where it is allowed; a folder or a fifo is none', async () => {
    const store = await scratchStore();
    const folder = await scratchFolder();
    const file = join(folder, 'the vault');
    await writeFile(file, bytes);
    const uri = pathToFileURL(file).href;
    expect(String(await failureOf(download(store, requestFor([uri]), never)))).toMatch(/file: is not allowed/);
    const notFile = requestFor([pathToFileURL(folder).href, 'file:///nowhere/at-all'], { allowFile: true });
    expect(String(await failureOf(download(store, notFile, never)))).toMatch(/not a regular file.*ENOENT/);
    expect((await download(store, requestFor([uri], { allowFile: true }), never)).bytes).toBe(bytes.length);
    expect(await modeOf(join(store.verified, name))).toBe(0o555);
  });

  test('plain http elsewhere needs a setting', async () => {
    const store = await scratchStore();
    const uri = 'http://192.0.2.1/vault';
    expect(String(await failureOf(download(store, requestFor([uri]), never)))).toMatch(/plain http/);
    const allowed = requestFor([uri], { allowInsecure: true, limits: { headers: 50 } });
    expect(String(await failureOf(download(store, allowed, never)))).not.toMatch(/plain http/);
  });
});

describe('a disk that is nearly full', () => {
  test('a file that does not fit is not begun', async () => {
    const store = await scratchStore();
    const server = await serverOf({ '/vault': honest(bytes) });
    const request = requestFor([server.url('/vault'), server.url('/mirror')], {
      limits: { spare: Number.MAX_SAFE_INTEGER / 2 },
    });
    const error = await failureOf(download(store, request, never));
    expect(error).toMatchObject({ code: 'io' });
    expect(String(error)).toMatch(/left;/);
    expect(server.requests).toHaveLength(1);
    await expectNothingGained(store);
  });

  test('one that hides its length is stopped before the reserve is gone, and its part gives the room back', async () => {
    const store = await scratchStore();
    const server = await serverOf({ '/endless': endless });
    const { bavail, bsize } = await statfs(await scratchFolder());
    const limits = { spare: bavail * bsize - 24 * 1024 ** 2, spaceEvery: 1024 ** 2 };
    const error = await failureOf(download(store, requestFor([server.url('/endless')], { limits }), never));
    expect(error).toMatchObject({ code: 'io' });
    expect(await readFile(join(store.partial, name))).toHaveLength(0);
    await expectNothingGained(store);
  });
});
