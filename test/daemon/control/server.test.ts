import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveControl } from '../../../src/daemon/control/server.ts';
import { silentLog } from '../../../src/log.ts';
import { scratch, until } from '../../support/process/scratch.ts';

const statusOf = (socketPath: string): Promise<number | null> =>
  new Promise((resolve) =>
    request({ socketPath, path: '/v1/asked', agent: false }, (response) =>
      resolve(response.resume().statusCode ?? null),
    )
      .on('error', () => resolve(null))
      .end(),
  );

test('however many connect, no more are held than may be; who leaves makes room', async () => {
  const path = join(scratch(), 'read.sock');
  const access = { mode: 0o660, gid: null, most: 4 };
  const server = await serveControl(path, { 'GET /v1/asked': async () => ({}) }, silentLog, access);
  onTestFinished(() => server.stop());
  let closed = 0;
  const all = Array.from({ length: 20 }, () =>
    connect(path)
      .on('error', () => {})
      .on('close', () => {
        closed += 1;
      })
      .resume(),
  );
  await until(() => closed === 16);
  expect(await statusOf(path)).toBeNull();
  for (const one of all) one.destroy();
  await until(async () => (await statusOf(path)) === 200);
});
