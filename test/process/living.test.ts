import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordedChild } from '../../src/process/living.ts';
import { requestIn } from '../support/process/request.ts';
import { scratch, script, textOf, until } from '../support/process/scratch.ts';
import { startRun } from '../support/process/started.ts';

test('the child on record is told while it runs, and no other that has its pid', async () => {
  const folder = scratch();
  const client = script(folder, 'client', 'trap "exit 0" INT; echo ready; while :; do sleep 0.05; done');
  const request = requestIn(folder, { program: client, texts: ['ready'] });
  expect(recordedChild(join(folder, 'none.json'))).toBeNull();
  const { child, stop } = await startRun(request);
  await until(() => child.seen('ready') && textOf(request.record).includes(`"pid":${child.pid}`));
  expect(recordedChild(request.record)).toEqual({ pid: child.pid, startedAt: expect.any(Number) });
  const record = JSON.parse(readFileSync(request.record, 'utf8'));
  const other = join(folder, 'other.json');
  writeFileSync(other, JSON.stringify({ ...record, child: { ...record.child, start: 1 } }));
  expect(recordedChild(other)).toBeNull();
  await stop();
  expect(recordedChild(request.record)).toBeNull();
});
