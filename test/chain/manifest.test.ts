import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followManifest, readManifestOnce } from '../../src/chain/manifest.ts';
import type { Announcement } from '../../src/chain/source.ts';
import type { VisorError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { until } from '../support/chain-watcher.ts';

const checksum = `0x${'ab'.repeat(32)}`;
const manifest = (more: object = {}) => JSON.stringify({ uri: 'https://example.org/vault', checksum, ...more });
const never = new AbortController().signal;

let folder: string;
let path: string;
const stops: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-manifest-'));
  path = join(folder, 'manifest.json');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true });
});

function follow(url: string) {
  const announced: Announcement[] = [];
  const troubles: (VisorError | null)[] = [];
  const stop = new AbortController();
  const options = {
    url,
    interval: 10,
    log: silentLog,
    announced: (one: Announcement) => void announced.push(one),
    trouble: (error: VisorError | null) => void troubles.push(error),
  };
  const ended = followManifest(options, stop.signal);
  stops.push(() => {
    stop.abort();
    return ended;
  });
  return { announced, troubles };
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a manifest file', () => {
  it('is announced once, and again when it changes', async () => {
    await writeFile(path, manifest());
    const { announced, troubles } = follow(pathToFileURL(path).href);
    await until(() => announced.length === 1);
    const current = { checksum, uri: 'https://example.org/vault', version: null };
    expect(announced[0]).toEqual({ current, pending: null, specVersion: null, upgradeAhead: false, block: null });
    await writeFile(`${path}.new`, manifest({ version: '2.0.0' }));
    await rename(`${path}.new`, path);
    await until(() => announced.length === 2);
    expect(announced[1]?.current?.version).toBe('2.0.0');
    expect(troubles).toEqual([]);
  });

  it('may say what is to be done on the way to its release, and whom it serves', async () => {
    const written = {
      version: '1.4.0',
      migrations: [
        { kind: 'arguments', checksum: 'AA'.repeat(32), uri: '../migrate?x', to: '1.3.0' },
        { kind: 'data', checksum: `0x${'bb'.repeat(32)}` },
      ],
      specVersions: [1_019_000, [1_020_000, 1_020_003]],
      urgent: true,
      dataCompatible: true,
    };
    await writeFile(path, manifest(written));
    const { current } = await readManifestOnce(pathToFileURL(path).href, never);
    expect(current?.terms).toEqual({
      migrations: [
        {
          kind: 'arguments',
          checksum: `0x${'aa'.repeat(32)}`,
          uri: new URL('../migrate?x', pathToFileURL(path)).href,
          to: '1.3.0',
        },
        { kind: 'data', checksum: `0x${'bb'.repeat(32)}`, uri: null, to: null },
      ],
      missing: [],
      specVersions: [
        [1_019_000, 1_019_000],
        [1_020_000, 1_020_003],
      ],
      urgent: true,
      dataCompatible: true,
    });
  });

  it('which says nothing of that has no terms, however it says nothing', async () => {
    await writeFile(path, manifest({ migrations: [], specVersions: [], urgent: false, dataCompatible: false }));
    const { current } = await readManifestOnce(pathToFileURL(path).href, never);
    expect(current).toEqual({ checksum, uri: 'https://example.org/vault', version: null });
  });

  it('null names no release; that is announced too', async () => {
    await writeFile(path, 'null');
    const { announced } = follow(pathToFileURL(path).href);
    await until(() => announced.length === 1);
    expect(announced[0]?.current).toBeNull();
  });

  it('that goes, comes half written and is repaired is told so, and says on what it said', async () => {
    await writeFile(path, manifest());
    const { announced, troubles } = follow(pathToFileURL(path).href);
    await until(() => announced.length === 1);
    await rm(path);
    await until(() => troubles.length === 1);
    expect(troubles[0]).toMatchObject({ code: 'io', message: expect.stringContaining('ENOENT') });
    await writeFile(path, manifest().slice(0, 20));
    await until(() => troubles.length === 2);
    expect(troubles[1]?.message).toContain('not JSON');
    await writeFile(path, manifest());
    await until(() => troubles.at(-1) === null);
    expect(announced).toHaveLength(1);
  });

  it('a uri may be relative to the manifest, and a checksum without 0x', async () => {
    await writeFile(path, JSON.stringify({ uri: 'vault-1.2.3', checksum: checksum.slice(2).toUpperCase() }));
    const { current } = await readManifestOnce(pathToFileURL(path).href, never);
    expect(current).toEqual({ checksum, uri: pathToFileURL(join(folder, 'vault-1.2.3')).href, version: null });
  });

  it.each([
    ['', 'not JSON'],
    ['{}', 'no usable uri'],
    ['[]', 'neither an object nor null'],
    ['"x"', 'neither an object nor null'],
    [manifest({ checksum: '0x12' }), 'no checksum'],
    [manifest({ checksum: undefined }), 'no checksum'],
    [manifest({ uri: 7 }), 'no usable uri'],
    [manifest({ uri: 'http://' }), 'no usable uri'],
    [manifest({ uri: 'https://h/\n' }), 'no usable uri'],
    [manifest({ version: 2 }), 'version'],
    [manifest({ version: '1\u001b[2J' }), 'version'],
    [manifest({ cheksum: checksum }), 'unknown key "cheksum"'],
    [manifest({ 'a\nb': 1 }), 'unknown key "a b"'],
    [manifest({ urgent: 'true' }), 'neither true nor false'],
    [manifest({ urgent: null }), 'neither true nor false'],
    [manifest({ dataCompatible: 1 }), 'neither true nor false'],
    [manifest({ specVersions: '1-2' }), 'no list such as'],
    [manifest({ specVersions: ['1'] }), 'no list such as'],
    [manifest({ specVersions: [[2, 1]] }), 'no list such as'],
    [manifest({ specVersions: [[1, 2, 3]] }), 'no list such as'],
    [manifest({ specVersions: [-1] }), 'no list such as'],
    [manifest({ specVersions: [1.5] }), 'no list such as'],
    [manifest({ specVersions: [4_294_967_296] }), 'no list such as'],
    [manifest({ specVersions: Array(65).fill(1) }), 'no list such as'],
    [manifest({ migrations: {} }), 'no list of at most 128'],
    [manifest({ migrations: Array(129).fill({ kind: 'data', checksum }) }), 'no list of at most 128'],
    [manifest({ migrations: [null] }), 'migrations[0] that is no object'],
    [manifest({ migrations: [{ checksum }] }), 'neither "arguments" nor "data"'],
    [manifest({ migrations: [{ kind: 'Data', checksum }] }), 'neither "arguments" nor "data"'],
    [manifest({ migrations: [{ kind: 'data' }] }), 'migrations[0] without a checksum'],
    [manifest({ migrations: [{ kind: 'data', checksum, uri: '' }] }), 'without a usable uri'],
    [manifest({ migrations: [{ kind: 'data', checksum, to: 1 }] }), '"to" is no plain text'],
    [manifest({ migrations: [{ kind: 'data', checksum, sha: '' }] }), 'unknown key "sha" in migrations[0]'],
    [`{"version":"${'x'.repeat(70_000)}"}`, 'larger than 65536 bytes'],
  ])('%.40s is an error with words', async (text, words) => {
    await writeFile(path, text);
    await expect(readManifestOnce(pathToFileURL(path).href, never)).rejects.toThrow(words);
  });

  it('that is no text is an error with words', async () => {
    await writeFile(path, Buffer.from([0x22, 0xff, 0x22]));
    await expect(readManifestOnce(pathToFileURL(path).href, never)).rejects.toThrow('not UTF-8');
  });

  it('that is a pipe, or a folder, is not waited for', async () => {
    execFileSync('mkfifo', [path]);
    await expect(readManifestOnce(pathToFileURL(path).href, never)).rejects.toThrow('not a file');
    await expect(readManifestOnce(pathToFileURL(folder).href, never)).rejects.toThrow('not a file');
  });
});

describe('a manifest of a server', () => {
  it('is read, also behind a redirect, and the uri is relative to the URL that was configured', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/latest.json') response.writeHead(302, { location: '/v2/manifest.json' }).end();
      else response.end(manifest({ uri: 'vault' }));
    });
    const { current } = await readManifestOnce(`${url}/latest.json`, never);
    expect(current?.uri).toBe(`${url}/vault`);
  });

  it.each<[string, RequestListener, string]>([
    ['404', (_, response) => response.writeHead(404).end(manifest()), 'answered 404'],
    [
      'a body without end',
      (_, response) => void setInterval(() => response.write('x'.repeat(10_000)), 1).unref(),
      'larger than',
    ],
    [
      'a redirect to itself',
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      'more than 5 redirects',
    ],
    [
      'a redirect to another plain host',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'a redirect to',
    ],
    [
      'a redirect to a file',
      (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'a redirect to',
    ],
    ['a cut line', (request) => request.socket.destroy(), 'cannot be read'],
    ['a page of HTML', (_, response) => response.end('<html>'), 'not JSON'],
  ])('%s is an error with words', async (_, listener, words) => {
    const url = await serve(listener);
    await expect(readManifestOnce(`${url}/manifest.json?token=5ec7e7`, never)).rejects.toThrow(words);
    await expect(readManifestOnce(`${url}/manifest.json?token=5ec7e7`, never)).rejects.not.toThrow('5ec7e7');
  });

  it('that never answers is left at the abort', async () => {
    let asked = false;
    const url = await serve(() => {
      asked = true;
    });
    const stop = new AbortController();
    const read = readManifestOnce(url, stop.signal);
    await until(() => asked);
    stop.abort();
    await expect(read).rejects.toThrow('no longer wanted');
  });
});
