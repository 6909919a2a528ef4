import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unitOfTheDocs } from '../../lab/hosts/systemd/unit.ts';
import { factsOf } from '../../src/cli/systemd/facts.ts';
import { parseArgsFile } from '../../src/config/load.ts';
import type { UnitFacts } from '../../src/systemd/unit/facts.ts';
import { words } from '../../src/systemd/unit/text.ts';
import { explained, textOf, unitFor } from '../../src/systemd/unit/unit.ts';
import { scratch } from '../support/cli/home.ts';
import { wanted } from '../support/systemd/wanted.ts';

const vault = { preset: 'interbtc-vault', release: { source: 'clients-info' } };
const other = { ...vault, args: ['--prometheus-port', '9616'] };
const file = (clients: object, top: object = {}) =>
  JSON.stringify({
    home: '/var/lib/vaultvisor',
    networks: { kintsugi: { endpoints: ['wss://kintsugi.example'], clients } },
    ...top,
  });

function factsFrom(text: string, over: Partial<typeof wanted> = {}): UnitFacts {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return factsOf(text, parsed.config, { ...wanted, ...over });
}

const linesOf = (text: string, over: Partial<typeof wanted> = {}) => textOf(factsFrom(text, over)).split('\n');
const CAPABILITIES = 'CAP_SETUID CAP_SETGID CAP_KILL CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_SYS_PTRACE';
const plain = file({ vault });

test('docs/bare-metal.md shows the unit of one vault with the defaults', () => {
  expect(unitOfTheDocs()).toBe(textOf(factsFrom(plain)));
});

test.each<[string, string, readonly string[]]>([
  ['vaultvisor asks its clients, not systemd', plain, ['KillMode=mixed', 'TimeoutStopSec=90']],
  [
    'the longest grace counts, also that of some versions',
    file({
      vault: { ...vault, stop: { grace: '5m' }, when: [{ version: '>=2', stop: { grace: '20m' } }] },
      other,
    }),
    ['TimeoutStopSec=1230'],
  ],
  [
    'a grace without an end',
    file({ vault: { ...vault, stop: { grace: 'infinite' } }, other }),
    ['TimeoutStopSec=infinity'],
  ],
  [
    'who is to be adopted must be left alive',
    file({ vault: { ...vault, orphans: 'adopt' }, other }),
    ['KillMode=process'],
  ],
  ['a vault’s own guard in /tmp is everybody’s', plain, ['PrivateTmp=no', 'ReadWritePaths=-/run/lock -/tmp']],
  [
    'where nobody has one, /tmp is private',
    file({ oracle: { ...vault, preset: 'interbtc-oracle' } }),
    ['PrivateTmp=yes', 'ReadWritePaths=-/run/lock'],
  ],
  [
    'a client without a preset may have one',
    file({ oracle: { ...vault, preset: 'interbtc-oracle' }, other: { release: vault.release } }),
    ['PrivateTmp=no'],
  ],
  [
    'the folders of the file are written to, each once; what lies in the home is already',
    file({
      vault: { ...vault, cwd: '/srv/kintsugi', data: { dir: '/srv/kintsugi/db/rocks', backupDir: '/mnt/backups' } },
      other: { ...other, cwd: '/srv/other', data: { dir: '{data}/rocks' } },
    }),
    ['ReadWritePaths=-/run/lock -/tmp -/srv/kintsugi -/mnt/backups -/srv/other'],
  ],
  ['a folder of locks of its own', file({ vault }, { lockDir: '/srv/locks' }), ['ReadWritePaths=-/srv/locks -/tmp']],
  [
    'a home that systemd does not make is written to',
    file({ vault }, { home: '/srv/vaultvisor' }),
    ['ReadWritePaths=-/srv/vaultvisor -/run/lock -/tmp'],
  ],
  [
    'a user of its own: what that takes',
    file({ vault: { ...vault, user: 'kintsugi-vault' } }),
    [`CapabilityBoundingSet=${CAPABILITIES}`, `AmbientCapabilities=${CAPABILITIES}`, 'StateDirectoryMode=0711'],
  ],
  [
    'a user that is the daemon’s own: nothing',
    file({ vault: { ...vault, user: 'vaultvisor' } }),
    ['CapabilityBoundingSet=', 'StateDirectoryMode=0700'],
  ],
  [
    'its own user in another group: the group of the unit, and still nothing',
    file({ vault: { ...vault, user: 'vaultvisor', group: 'wallets' } }),
    ['Group=wallets', 'CapabilityBoundingSet='],
  ],
  [
    'its own user in a group that not all are in: what changing it takes',
    file({ vault: { ...vault, user: 'vaultvisor', group: 'wallets' }, other }),
    [`CapabilityBoundingSet=${CAPABILITIES}`],
  ],
  [
    'the usual folder of locks by its name is what it is without',
    file({ vault }, { lockDir: '/run/lock/vaultvisor' }),
    ['ReadWritePaths=-/run/lock -/tmp'],
  ],
  [
    'a key below /home',
    file({ vault: { ...vault, args: ['--keyfile', '/home/me/key.json'] } }),
    ['ProtectHome=read-only'],
  ],
])('%s', (_, text, lines) => {
  for (const line of lines) expect(linesOf(text)).toContain(line);
});

test.each([
  [252, ['Type=notify', 'ExecReload=/bin/kill -HUP $MAINPID']],
  [257, ['Type=notify-reload']],
])('systemd %i is told of a reload in its own way', (systemd, lines) => {
  const text = linesOf(plain, { systemd });
  expect(text.filter((line) => /^(Type|ExecReload)=/.test(line))).toEqual(lines);
});

test.each([
  [['/opt/a b', 'x'], '"/opt/a b" x'],
  [['100%', '$HOME'], '100%% $$HOME'],
  [['say "it"\\'], '"say \\"it\\"\\\\"'],
])('%j is written as %s', (all, text) => expect(words(all)).toBe(text));

test('each line has a reason', () => {
  const lines = unitFor(factsFrom(plain)).flatMap(({ groups }) => groups.flatMap((group) => group.lines));
  for (const { key, why } of lines) expect([key, why.length > 5]).toEqual([key, true]);
  const text = explained(factsFrom(plain));
  for (const { key, value } of lines) expect(text).toContain(`  ${key}=${value}`);
  expect(text.join('\n')).toContain('MemoryDenyWriteExecute');
});

test('it is installed for everybody to read, again and again, and never over what another wrote', async () => {
  const here = await scratch();
  onTestFinished(here.remove);
  await here.write('args.json', plain);
  const install = () => here.run('systemd', '--install', '--config', here.file, '--into', here.folder, '--name', 'own');
  const path = join(here.folder, 'own.service');
  for (const _ of ['written', 'written again']) {
    const { code, stdout } = await install();
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Wrote ${path}.`)]);
    expect(stdout).toContain('systemctl enable --now own');
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toContain('Description=own\n');
  }
  writeFileSync(path, '[Service]\nExecStart=/bin/true\n');
  const { code, stderr } = await install();
  expect([code, stderr]).toEqual([64, expect.stringContaining('was not written by vaultvisor')]);
  expect(readFileSync(path, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd && process.env['CI'] !== 'true')('systemd’s own view of a unit', () => {
  const forms: readonly (readonly [string, string, Partial<typeof wanted>])[] = [
    ['of one vault', plain, {}],
    ['with folders that need quotes', file({ vault: { ...vault, cwd: '/srv/a b%c' } }), {}],
    ['of a vault with a user of its own', file({ vault: { ...vault, user: 'kintsugi-vault' } }), {}],
    ['of a vault that is to be adopted, as root', file({ vault: { ...vault, orphans: 'adopt' } }), { user: 'root' }],
  ];

  /** What it names is there on a machine where it is installed; here it names what is everywhere. */
  function written(text: string, change: (unit: string) => string = (unit) => unit): string {
    const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'vaultvisor.service');
    writeFileSync(path, change(text));
    return path;
  }

  const verify = (path: string) =>
    spawnSync('systemd-analyze', ['verify', '--recursive-errors=yes', path], { encoding: 'utf8' });

  test.each(forms)('every line is understood: %s', (_, text, over) => {
    const { status, stderr } = verify(
      written(textOf(factsFrom(text, { ...over, program: [process.execPath, '/main.js'] }))),
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  test('a line that it does not know would be noticed', () => {
    const { status, stderr } = verify(
      written(textOf(factsFrom(plain)), (unit) => unit.replace('KillMode=', 'KilMode=')),
    );
    expect(stderr).toContain('KilMode');
    expect(status).not.toBe(0);
  });

  test.each([
    ['of one vault', plain, 24],
    // docs/bare-metal.md, "Clients with users of their own": what becomes another user is rated for it; test/systemd/split.test.ts has the form without
    ['of a vault with a user of its own', file({ vault: { ...vault, user: 'kintsugi-vault' } }), 31],
  ])('little of the machine is left to it: %s', (_, text, most) => {
    const path = written(textOf(factsFrom(text)));
    const asked = ['security', '--offline=true', `--threshold=${most}`, path];
    expect(execFileSync('systemd-analyze', asked, { encoding: 'utf8' })).toContain('Overall exposure level');
  });
});
