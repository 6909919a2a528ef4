import { join } from 'node:path';
import { expect, test } from 'vitest';
import { livingChild } from '../../src/process/living.ts';
import { startHolder } from '../support/process/orphan.ts';
import { requestIn } from '../support/process/request.ts';
import { scratch, script, until } from '../support/process/scratch.ts';
import { startRun } from '../support/process/started.ts';

test('the child is told from its lock alone, and none when nobody has it', async () => {
  const folder = scratch();
  const path = join(folder, 'a.lock');
  const record = join(folder, 'none.json');
  expect(await livingChild(path, record)).toBeNull();
  const holder = await startHolder(path, '/bin/sh', ['-c', 'while :; do sleep 0.05; done']);
  const living = await livingChild(path, record);
  expect(living?.pid).toBe(holder.pid);
  expect(Math.abs(Date.now() - (living?.startedAt ?? 0))).toBeLessThan(60_000);
});

test('of a family of holders it is the one on record', async () => {
  const folder = scratch();
  const client = script(folder, 'client', '(while :; do sleep 0.05; done) & echo ready; while :; do sleep 0.05; done');
  const request = requestIn(folder, { program: client, texts: ['ready'], stop: { signal: 'SIGINT', grace: 100 } });
  const { child, stop } = await startRun(request);
  await until(() => child.seen('ready'));
  expect((await livingChild(request.locks[0]!, request.record))?.pid).toBe(child.pid);
  await stop();
  expect(await livingChild(request.locks[0]!, request.record)).toBeNull();
});
