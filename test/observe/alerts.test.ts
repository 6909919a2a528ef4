import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitedFor } from '../../src/observe/look.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { instance, look, network } from '../support/looks.ts';
import { unknownIn } from '../support/understood.ts';

// The rules, their tests, their pages and the dashboard are held against each other and against what the exporter names.
const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const rules = read('alerts/vaultvisor.rules.yml');
const proofs = readdirSync(join(root, 'alerts')).filter((name) => name.endsWith('.rules.test.yml'));
const alerts = [...rules.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name = '']) => name);
const pages = readdirSync(join(root, 'docs/alerts')).map((name) => name.replace(/\.md$/, ''));

const exposition = () => {
  const child = { pid: 7, startedAt: '2026-11-20T10:00:00.000Z', checksum: '0xaa' };
  return createMetrics().text(look([instance({ child, waiting: 'held', pendingStaged: false })], [network()]));
};
const exported = (await exposition()).split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
const namesIn = (text: string) =>
  [...new Set(text.match(/\bvaultvisor_\w+/g))].map((name) => {
    const family = name.replace(/_(sum|count|bucket)$/, '');
    return exported.includes(family) ? family : name;
  });

const isMissing = !existsSync('/usr/bin/promtool') && process.env['CI'] !== 'true';
if (isMissing) console.warn('skipped: there is no promtool here (apt-get install prometheus)');

describe.skipIf(isMissing)('by promtool', () => {
  test('the rules are sound, and each fires when it should and not before', () => {
    execFileSync('promtool', ['check', 'rules', join(root, 'alerts/vaultvisor.rules.yml')]);
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', ...proofs], {
      cwd: join(root, 'alerts'),
      encoding: 'utf8',
    });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });

  test('what is exported keeps the rules of the format and of names', async () => {
    // what prom-client says of the process itself has names of its own
    const own = (await exposition()).split('\n').filter((line) => !/vaultvisor_(process|nodejs)_/.test(line));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: `${own.join('\n')}\n`,
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});

test('there is a page for each alert, and no other', () => {
  expect(alerts.length).toBeGreaterThan(15);
  expect(pages.toSorted()).toEqual(alerts.toSorted());
});

test.each(alerts)('%s is tried, and its page says what to do', (alert) => {
  expect(rules).toContain(`runbook_url: docs/alerts/${alert}.md`);
  const tried = proofs.map((name) => read(`alerts/${name}`)).join('\n');
  expect(tried).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n +- exp_labels`));
  const page = read(`docs/alerts/${alert}.md`);
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(page.startsWith(`# ${alert}\n`)).toBe(true);
  expect(headings).toEqual(['What it means', 'What to look at', 'What to do', 'When it goes away']);
  const commands = [...page.matchAll(/^vaultvisor .+$|(?<=`)vaultvisor [^`]+/gm)].map(([line]) => line);
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.flatMap(unknownIn)).toEqual([]);
});

test('every metric of the rules and of the dashboard is one of the exporter', () => {
  const dashboard = read('dashboards/vaultvisor.json');
  for (const text of [rules, dashboard]) {
    const names = namesIn(text);
    expect(names.length).toBeGreaterThan(10);
    expect(exported).toEqual(expect.arrayContaining(names));
  }
});

test('every gate is waited for under one alert at most, and those of the rules are gates', () => {
  const lists = [...rules.matchAll(/gate=~?"([^"]+)"/g)].map(([, list = '']) => list.split('|'));
  expect(waitedFor).toEqual(expect.arrayContaining(lists.flat()));
  const told = lists.flat().filter((gate) => gate !== 'quarantine');
  expect(told.toSorted()).toEqual([...new Set(told)].sort());
  // these have alerts of their own, by other metrics
  expect(waitedFor.filter((gate) => !told.includes(gate))).toEqual(['stopped', 'quarantine']);
});
