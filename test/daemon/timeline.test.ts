import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTimeline } from '../../src/daemon/timeline.ts';
import { homeAt } from '../../src/layout.ts';
import { openHistory } from '../../src/store/history.ts';

const vault = { network: 'kintsugi', client: 'vault' };
const line = (n: number) => ({ at: `2026-11-20T10:00:${n}.000Z`, ...vault, event: 'healthy', n });

async function here() {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-timeline-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const home = homeAt(folder);
  return { timeline: createTimeline(home), history: openHistory(home.instance('kintsugi', 'vault').history) };
}

test('what a former daemon wrote comes first; what was told and is on disk already stands there once', async () => {
  const { timeline, history } = await here();
  for (const n of [10, 11, 12]) await history.append(line(n));
  timeline.told(vault, line(12));
  timeline.told(vault, line(13));
  expect(await timeline.of(vault)).toEqual([10, 11, 12, 13].map(line));
  timeline.told(vault, line(14));
  expect(await timeline.of(vault)).toEqual([10, 11, 12, 13, 14].map(line));
});

test('the newest thirty of each instance; of one that has no history nothing', async () => {
  const { timeline, history } = await here();
  for (let n = 10; n < 30; n += 1) await history.append(line(n));
  for (let n = 30; n < 55; n += 1) timeline.told(vault, line(n));
  const lines = await timeline.of(vault);
  expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, index) => index + 25));
  expect(await timeline.of({ network: 'kintsugi', client: 'other' })).toEqual([]);
});
