import { chmod, readFile, rm, truncate, utimes } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openBlobs } from '../../src/store/blobs.ts';
import { createDownloader, type Want } from '../../src/store/downloader.ts';
import type { Progress } from '../../src/store/transfer/pour.ts';
import { type Answering, honest, lyingServer, stallAfter, status } from '../support/lying-server.ts';
import { checksumOf, failureOf, namesIn, noise, scratchStore } from './scratch.ts';

const bytes = noise(1_000_000);
const checksum = checksumOf(bytes);
const never = new AbortController().signal;

async function laboratory(paths: Record<string, Answering>) {
  const store = await scratchStore();
  const server = await lyingServer(paths);
  onTestFinished(() => server.close());
  const blobs = openBlobs(store);
  const want = (path: string, more: Partial<Want> = {}): Want => ({
    checksum,
    uris: [server.url(path)],
    allowFile: false,
    ...more,
  });
  return { store, server, blobs, want, downloader: createDownloader(blobs, { allowInsecure: false }) };
}

/** Answers when `open` is called. */
function gate(answer: Answering): { answer: Answering; asked: Promise<void>; open(): void } {
  let open = () => {};
  let ask = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const wait: Answering = (request, response) => {
    ask();
    void opened.then(() => answer(request, response));
  };
  return { answer: wait, asked, open };
}

test('many askers, one transfer; each is told how far it is', async () => {
  const { answer, asked, open } = gate(honest(bytes));
  const { server, want, downloader } = await laboratory({ '/vault': answer });
  const reports: Progress[][] = [[], [], []];
  const all = reports.map((list) =>
    downloader.fetch(want('/vault', { progress: (report) => list.push(report) }), never),
  );
  await asked;
  open();
  const got = await Promise.all(all);
  expect(new Set(got.map(({ uri }) => uri))).toEqual(new Set([server.url('/vault')]));
  expect(server.requests).toHaveLength(1);
  for (const list of reports) expect(list.at(-1)).toEqual({ received: bytes.length, total: bytes.length });
});

test('who leaves leaves alone', async () => {
  const { answer, asked, open } = gate(honest(bytes));
  const { server, want, downloader } = await laboratory({ '/vault': answer });
  const leaver = new AbortController();
  const left = failureOf(downloader.fetch(want('/vault'), leaver.signal));
  const stayed = downloader.fetch(want('/vault'), never);
  await asked;
  leaver.abort(new Error('gone'));
  expect(await left).toMatchObject({ message: 'gone' });
  open();
  expect((await stayed).bytes).toBe(bytes.length);
  expect(server.requests).toHaveLength(1);
});

test('the last to leave ends it, and who comes then begins anew behind it', async () => {
  let calls = 0;
  const answer: Answering = (request, response) => {
    calls += 1;
    (calls === 1 ? stallAfter(bytes, 300_000) : honest(bytes))(request, response);
  };
  const { server, want, downloader, store } = await laboratory({ '/vault': answer });
  const leaver = new AbortController();
  const latecomer = new Promise<{ uri: string | null }>((resolve, reject) => {
    const come = () => downloader.fetch(want('/vault'), never).then(resolve, reject);
    leaver.signal.addEventListener('abort', () => setImmediate(come));
  });
  const progress = () => leaver.abort(new Error('gone'));
  expect(await failureOf(downloader.fetch(want('/vault', { progress }), leaver.signal))).toMatchObject({
    message: 'gone',
  });
  expect((await latecomer).uri).toBe(server.url('/vault'));
  expect(server.requests).toHaveLength(2);
  expect(server.requests[1]?.headers.range).toBeDefined();
  expect(await namesIn(store.verified)).toEqual([checksum.slice(2)]);
});

test('an aborted asker never begins', async () => {
  const { server, want, downloader } = await laboratory({ '/vault': honest(bytes) });
  expect(await failureOf(downloader.fetch(want('/vault'), AbortSignal.abort(new Error('no'))))).toMatchObject({
    message: 'no',
  });
  expect(server.requests).toHaveLength(0);
});

test('the failure of another’s URIs is not ours; the failure of ours is', async () => {
  const { answer, asked, open } = gate(status(500));
  const { server, want, downloader } = await laboratory({ '/broken': answer, '/vault': honest(bytes) });
  const broken = [1, 2].map(() => failureOf(downloader.fetch(want('/broken'), never)));
  const ours = downloader.fetch(want('/vault'), never);
  await asked;
  open();
  for (const failure of broken) expect(await failure).toMatchObject({ code: 'network' });
  expect((await ours).uri).toBe(server.url('/vault'));
  expect(server.requests.map(({ url }) => url)).toEqual(['/broken', '/vault']);
});

test('what is held is answered at once; damaged or lost bytes are fetched again', async () => {
  const { server, want, downloader, blobs } = await laboratory({ '/vault': honest(bytes) });
  await downloader.fetch(want('/vault'), never);
  expect(await downloader.fetch(want('/nowhere'), never)).toMatchObject({ uri: null, bytes: bytes.length });
  expect(server.requests).toHaveLength(1);
  const path = blobs.path(checksum);
  await chmod(path, 0o755);
  await truncate(path, 5);
  expect((await downloader.fetch(want('/vault'), never)).uri).toBe(server.url('/vault'));
  await rm(path);
  expect((await downloader.fetch(want('/vault'), never)).uri).toBe(server.url('/vault'));
  expect(bytes.equals(await readFile(path))).toBe(true);
  expect(server.requests).toHaveLength(3);
});

test('a file that was only touched is hashed and kept; another process trusts nothing unhashed', async () => {
  const { server, want, downloader, blobs } = await laboratory({ '/vault': honest(bytes) });
  await downloader.fetch(want('/vault'), never);
  await utimes(blobs.path(checksum), 1, 1);
  expect((await downloader.fetch(want('/nowhere'), never)).uri).toBeNull();
  await chmod(blobs.path(checksum), 0o755);
  await truncate(blobs.path(checksum), 5);
  const fresh = createDownloader(blobs, { allowInsecure: false });
  expect(await failureOf(fresh.fetch(want('/nowhere'), never))).toMatchObject({ code: 'network' });
  expect((await fresh.fetch(want('/vault'), never)).uri).toBe(server.url('/vault'));
});
