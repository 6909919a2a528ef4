import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openBlobs } from '../../src/store/blobs.ts';
import { listStaged, type StageRequest, stage, stagedFrom, unstage } from '../../src/store/stage.ts';
import { checksumOf, modeOf, namesIn, noise, scratchFolder, scratchStore } from './scratch.ts';

const never = new AbortController().signal;
const bytes = noise(300_000);
const checksum = checksumOf(bytes);

async function laden() {
  const [store, folder] = [await scratchStore(), await scratchFolder()];
  const path = join(folder, 'vault');
  await writeFile(path, bytes);
  const request: StageRequest = { uri: pathToFileURL(path).href, checksum: null, maxBytes: 1e6, allowInsecure: false };
  return { store, request, say: (more: Partial<StageRequest> = {}) => stage(store, { ...request, ...more }, never) };
}

async function serve(body: Buffer, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/vault?token=secret`;
}

test('a file is taken in, its checksum computed; it is on the list, and can be run', async () => {
  const { store, say, request } = await laden();
  expect(await say()).toEqual({ checksum, bytes: bytes.length });
  expect(await listStaged(store)).toEqual([checksum]);
  expect(await stagedFrom(store, checksum)).toBe(request.uri);
  expect(await openBlobs(store).verify(checksum)).toBe(true);
  expect(await modeOf(openBlobs(store).path(checksum))).toBe(0o555);
  expect(await namesIn(store.partial)).toEqual([]);
});

test('what a URL serves is taken in; its credentials are not noted', async () => {
  const { store, say } = await laden();
  const uri = await serve(bytes);
  expect(await say({ uri, checksum })).toEqual({ checksum, bytes: bytes.length });
  expect(await stagedFrom(store, checksum)).toBe(uri.split('?')[0]);
  expect(await namesIn(store.partial)).toEqual([]);
});

test.each([
  ['other bytes than those asked for', async () => ({ checksum: checksumOf('other') }), 'has the SHA-256'],
  ['a page that is not there', async () => ({ uri: await serve(Buffer.from('no'), 404) }), 'answered 404'],
  ['more than is allowed', async () => ({ maxBytes: 100_000 }), 'more than the 100000 bytes allowed'],
  ['a server that is not there', async () => ({ uri: 'http://127.0.0.1:9/vault' }), 'cannot be staged'],
  ['plain http elsewhere', async () => ({ uri: 'http://example.org/vault' }), 'plain http'],
  ['a file that is not there', async () => ({ uri: 'file:///no/such/file' }), '/no/such/file'],
])('%s: told, and nothing is staged', async (_, how, words) => {
  const { store, say } = await laden();
  await expect(say(await how())).rejects.toMatchObject({ name: 'VisorError', message: expect.stringContaining(words) });
  expect(await listStaged(store)).toEqual([]);
  expect([await namesIn(store.partial), await namesIn(store.verified)]).toEqual([[], []]);
});

test('what is no longer staged is left to the sweep, and taken back only once', async () => {
  const { store, say } = await laden();
  await say();
  await say();
  expect(await listStaged(store)).toEqual([checksum]);
  expect(await unstage(store, checksum)).toBe(true);
  expect(await unstage(store, checksum)).toBe(false);
  expect(await openBlobs(store).has(checksum)).toBe(true);
});
