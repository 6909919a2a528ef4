import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { noNamespace } from '../../lab/hosts/bare/namespace.ts';
import { hosts } from '../../lab/hosts/experiment.ts';
import { unitOfTheDocs } from '../../lab/hosts/systemd/unit.ts';

const obstacle = await noNamespace();
// What a package gives, CI installs; what the kernel does not give, nobody can.
const lacksPackage = obstacle?.startsWith('not installed') === true;
if (obstacle !== null) console.warn(`no namespace of processes here: ${obstacle}`);

const how = { size: 'short', seed: 10, rounds: null, workers: 1, defect: null, say: () => {} } as const;

describe.skipIf(lacksPackage && process.env['CI'] !== 'true')('under tini, in a namespace of processes (root)', () => {
  test('whatever ends the supervisor, no two clients meet, and the right release serves again', async () => {
    expect(lacksPackage).toBe(false);
    if (obstacle !== null) return;
    const { violations, figures } = await conduct(hosts, how);
    expect(violations).toEqual([]);
    expect(figures).toContainEqual({ what: 'scenarios under tini as first process', value: 6 });
  }, 240_000);

  test('a client that inherits no lock is caught where it outlives its supervisor', async () => {
    expect(lacksPackage).toBe(false);
    if (obstacle !== null) return;
    const { violations } = await conduct(hosts, { ...how, rounds: 0, defect: 'no-lock' });
    expect(violations.join('\n')).toMatch(/ overlap (witness|lock) /);
  }, 240_000);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd && process.env['CI'] !== 'true')('the unit of docs/bare-metal.md', () => {
  /** What it names is there on a machine where it is installed; here it names what is everywhere. */
  function unitFile(): string {
    const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'vaultvisor.service');
    writeFileSync(path, unitOfTheDocs().replace('/usr/bin/node', process.execPath));
    return path;
  }

  test('is understood by systemd in every line', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=yes', unitFile()], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('a line that systemd does not know would be noticed', () => {
    const path = unitFile();
    writeFileSync(path, unitOfTheDocs().replace('KillMode=', 'KilMode='));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=yes', path], {
      encoding: 'utf8',
    });
    expect(stderr).toContain('KilMode');
    expect(status).not.toBe(0);
  });

  test('leaves little of the machine to vaultvisor and its clients', () => {
    const words = ['security', '--offline=true', '--threshold=25', unitFile()];
    expect(execFileSync('systemd-analyze', words, { encoding: 'utf8' })).toContain('Overall exposure level');
  });

  test.each([
    ['vaultvisor asks its clients, not systemd', 'KillMode=mixed'],
    ['it is started again however it ended', 'Restart=always'],
    ['and however often', 'StartLimitIntervalSec=0'],
    ['but not where that mends nothing', 'RestartPreventExitStatus=64 77 78'],
    ['a client out of memory does not take the others down', 'OOMPolicy=continue'],
  ])('%s', (_, line) => expect(unitOfTheDocs().split('\n')).toContain(line));
});
