import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sendWebhook } from '../../src/notify/send/webhook.ts';
import { receiverServer } from '../support/receiver.ts';
import { message } from './messages.ts';

const program = 'prometheus-alertmanager';
const patiently = { timeout: 30_000 };

function isThere(): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Two ports that nobody else has just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A real Alertmanager, which rings at once. */
async function alertmanager(pager: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  const route = {
    receiver: 'pager',
    group_by: ['alertname', 'network', 'client'],
    group_wait: '0s',
    group_interval: '1s',
  };
  const receivers = [{ name: 'pager', webhook_configs: [{ url: pager, send_resolved: true }] }];
  // JSON is YAML
  writeFileSync(join(folder, 'config.yml'), JSON.stringify({ route, receivers }));
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'config.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(isReady, patiently).toBe(200);
  return url;
}

// Debian and Ubuntu: apt-get install prometheus-alertmanager
test.skipIf(!isThere())(
  'a real Alertmanager takes what goes on, rings once, takes it again without a ring, and hears the end of it',
  async () => {
    const pager = await receiverServer();
    const url = await alertmanager(pager.url);
    const webhook = { url, format: 'alertmanager', chat: null, key: null, headers: {}, timeout: 10_000 } as const;
    const send = (one: Parameters<typeof sendWebhook>[1]) =>
      sendWebhook(webhook, one, {
        fill: async (text) => text,
        allowInsecure: false,
        attempt: 1,
        signal: new AbortController().signal,
      });
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
    const down = message({
      at: hours(0),
      state: 'firing',
      severity: 'critical',
      condition: 'down',
      key: 'kintsugi/vault#down',
      since: hours(-1),
      until: hours(8),
      event: 'down',
      summary: 'nothing serves',
      reason: 'exited with status 1',
    });
    const active = async () =>
      (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as { labels: object; endsAt: string }[];
    const rung = () =>
      pager.got.map(({ body }) => JSON.parse(body)).map(({ status, alerts }) => [status, alerts.length]);

    expect(await send(down)).toMatchObject({ is: 'delivered' });
    expect(await active()).toMatchObject([
      {
        labels: {
          alertname: 'VaultvisorDown',
          severity: 'critical',
          network: 'kintsugi',
          client: 'vault',
          host: 'here',
        },
        annotations: { summary: 'kintsugi/vault: nothing serves', description: 'exited with status 1' },
      },
    ]);
    await expect.poll(rung, patiently).toEqual([['firing', 1]]);
    // the same again, as after a crash or a repeat: one alert, and its end is moved
    expect(await send({ ...down, id: 'msg-2', until: hours(12) })).toMatchObject({ is: 'delivered' });
    expect((await active()).map(({ endsAt }) => Date.parse(endsAt) > Date.parse(hours(11)))).toEqual([true]);
    expect(await send({ ...down, id: 'msg-3', state: 'resolved', event: 'well', until: hours(0) })).toMatchObject({
      is: 'delivered',
    });
    await expect.poll(rung, patiently).toEqual([
      ['firing', 1],
      ['resolved', 1],
    ]);
    expect(await active()).toEqual([]);
    expect(await send({ ...down, since: 'never' })).toMatchObject({ is: 'refused' });
  },
);
