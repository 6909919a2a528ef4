import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWorld, runs } from '../support/world.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const root = resolve(import.meta.dirname, '../..');
const { panels, annotations } = JSON.parse(readFileSync(join(root, 'dashboards/vaultvisor.json'), 'utf8')) as Dashboard;

/** Of what this daemon has none: a chain, a pending release, an update that waits, a payment, a receiver of messages, a second start. */
const mayBeEmpty =
  /vaultvisor_(chain_|rpc_|pending_|update_waiting\{|redeem_deadline|notifications_|child_restarts_total)|^changes/;

const isMissing = !existsSync('/usr/bin/prometheus') && process.env['CI'] !== 'true';
if (isMissing) console.warn('skipped: there is no Prometheus here (apt-get install prometheus)');

describe.skipIf(isMissing)('a real Prometheus that has scraped the real daemon', () => {
  test('answers every query of the dashboard, and evaluates every rule', async () => {
    const world = await createWorld();
    const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
    await world.write({ 'kintsugi/vault': {} }, { http: { listen: '127.0.0.1:0' } });
    const daemon = world.start();
    await world.until('1.0.0 runs', runs(one));
    const [, address = ''] = /"address":"([^"]+)"/.exec(await readFile(daemon.log, 'utf8')) ?? [];
    const { ask, rules } = await prometheus(world.folder, address);
    while ((await ask('count_over_time(up{job="vaultvisor"}[1m]) > 2')).length === 0) await sleep(200);
    const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
    await world.until('1.1.0 runs', runs(two));
    while ((await ask('vaultvisor_update_downtime_seconds')).length === 0) await sleep(200);
    const queries = [...panels.flatMap(({ targets = [] }) => targets), ...annotations.list].map(({ expr }) => expr);
    expect(queries.length).toBeGreaterThan(20);
    const empty: string[] = [];
    for (const query of queries) {
      const plain = query.replaceAll(/\$(network|client)\b/g, '.*').replaceAll('$__rate_interval', '10s');
      expect(plain).not.toContain('$');
      if ((await ask(plain)).length === 0) empty.push(query);
    }
    expect(empty.filter((query) => !mayBeEmpty.test(query))).toEqual([]);
    // of a client that is well nobody is told anything
    expect(await ask('ALERTS{alertstate="firing"}')).toEqual([]);
    const evaluated = await rules();
    expect(evaluated.length).toBeGreaterThan(15);
    expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

interface Asked {
  ask(query: string): Promise<readonly unknown[]>;
  rules(): Promise<readonly { readonly name: string; readonly health: string }[]>;
}

/** Starts one over a folder of its own, with our rules. */
async function prometheus(folder: string, target: string): Promise<Asked> {
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '500ms', evaluation_interval: '1s' },
      rule_files: [join(root, 'alerts/vaultvisor.rules.yml')],
      scrape_configs: [{ job_name: 'vaultvisor', static_configs: [{ targets: [target] }] }],
    }),
  );
  const server: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((done) => server.once('exit', done));
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/-/ready`).catch(() => null))?.ok) await sleep(100);
  const get = async (path: string) => {
    const body = (await (await fetch(`${url}${path}`)).json()) as { status: string; error?: string; data: never };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  return {
    async ask(query) {
      const { result } = (await get(`/api/v1/query?query=${encodeURIComponent(query)}`)) as { result: unknown[] };
      return result;
    },
    async rules() {
      const { groups } = (await get('/api/v1/rules')) as { groups: { rules: { name: string; health: string }[] }[] };
      return groups.flatMap(({ rules }) => rules);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
