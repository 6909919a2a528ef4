import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { serveHttp } from '../../src/observe/http.ts';
import type { Look } from '../../src/observe/look.ts';
import { instance, look } from '../support/looks.ts';

async function served(first: Look) {
  let at = first;
  const pages = {
    metrics: async () => ({ type: '', text: '' }),
    look: () => at,
    seen: async () => ({ look: at, linesOf: () => [] }),
  };
  const server = await serveHttp({ host: '127.0.0.1', port: 0, hosts: [] }, pages, silentLog);
  onTestFinished(() => server.stop());
  const listen = async (headers: Record<string, string> = {}) => {
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const answer = await fetch(`http://${server.address}/events`, { headers, signal: leaving.signal });
    return { answer, leave: () => leaving.abort(), messages: messagesOf(answer) };
  };
  return { listen, show: (next: Look) => (at = next) };
}

async function* messagesOf(answer: Response): AsyncGenerator<{ id: string; parts: Record<string, string> }> {
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (id !== undefined && data !== undefined) yield { id, parts: JSON.parse(data) };
    }
  }
}

const first = async (messages: AsyncGenerator<{ id: string; parts: Record<string, string> }>) =>
  (await messages.next()).value;

test('who comes is told everything, then only what has changed', async () => {
  const { listen, show } = await served(look([instance({})], []));
  const { messages, answer } = await listen();
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(Object.keys((await first(messages)).parts)).toEqual(['summary', 'clients', 'details', 'chains', 'daemon']);
  const { daemon, ...rest } = look([instance({})], []);
  show({ ...rest, daemon: { ...daemon, version: '9.9.9' } });
  const { parts } = await first(messages);
  expect(Object.keys(parts)).toEqual(['daemon']);
  expect(parts['daemon']).toContain('9.9.9');
});

test('who comes again with what is present is told only what comes after', async () => {
  const { listen, show } = await served(look([instance({})], []));
  const before = await listen();
  const { id } = await first(before.messages);
  before.leave();
  const { messages } = await listen({ 'last-event-id': id });
  show(look([instance({ stopped: true })], []));
  expect(Object.keys((await first(messages)).parts)).toEqual(['clients', 'details']);
});

test('who was away while it changed, or knows another life of the daemon, is told everything', async () => {
  const { listen, show } = await served(look([instance({})], []));
  const before = await listen();
  const { id } = await first(before.messages);
  before.leave();
  show(look([instance({ stopped: true })], []));
  for (const last of [id, 'another-1']) {
    const { messages } = await listen({ 'last-event-id': last });
    expect(Object.keys((await first(messages)).parts)).toHaveLength(5);
  }
});

test('the seventeenth browser is asked to come later, and has the place of one that leaves', async () => {
  const { listen } = await served(look([], []));
  const all = await Promise.all(Array.from({ length: 16 }, () => listen()));
  const { answer } = await listen();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  all[0]?.leave();
  let status = 503;
  while (status === 503) status = (await listen()).answer.status;
  expect(status).toBe(200);
});

test('another site may not take the places', async () => {
  const { listen } = await served(look([], []));
  expect((await listen({ 'sec-fetch-site': 'cross-site' })).answer.status).toBe(403);
  expect((await listen({ 'sec-fetch-site': 'same-origin' })).answer.status).toBe(200);
});
