import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { probeTcp } from '../../../src/probe/kinds/tcp.ts';
import { lineOf, listenScript, start, startIdle } from '../support/processes.ts';
import { freePort, never, serve } from '../support/servers.ts';

test('passes where our child takes the connection, and fails for any other', async () => {
  const child = start(process.execPath, ['-e', listenScript()]);
  const port = Number(await lineOf(child));
  expect(await probeTcp('127.0.0.1', port, child.pid, 5_000, never)).toEqual({ is: 'passed' });
  expect(await probeTcp('127.0.0.1', port, startIdle(), 5_000, never)).toMatchObject({
    is: 'failed',
    why: `127.0.0.1:${port} is not listened on by our child but by pid ${child.pid} (${commandName(child.pid)})`,
  });
});

test('fails where nothing listens', async () => {
  const port = await freePort();
  expect(await probeTcp('127.0.0.1', port, process.pid, 5_000, never)).toEqual({
    is: 'failed',
    why: `nothing listens on 127.0.0.1:${port}`,
  });
});

test('an abort before it began is an abort', async () => {
  const { port } = await serve(() => {});
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(probeTcp('127.0.0.1', port, process.pid, 5_000, signal)).rejects.toThrow('enough');
});

/** As the kernel knows it: `node`, from Node 24 on `node-MainThread`. */
const commandName = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
