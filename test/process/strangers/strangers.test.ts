import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/process/strangers/commands.ts';
import { endOf, type Place, placeOf } from '../../../src/process/strangers/place.ts';
import { type Facts, type SeenProcess, type SeenUnit, strangersIn } from '../../../src/process/strangers/strangers.ts';
import { hasTraces, type Traces } from '../../../src/process/strangers/traces.ts';
import { parseUnits } from '../../../src/process/strangers/unit-text.ts';

const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const traces: Traces = {
  keyFiles: ['/key.json'],
  keyName: 'me',
  isAccount: (text) => text === account,
  texts: ['id-7'],
  pidFiles: [],
  except: ['--monitor'],
};

const seen = (own: Partial<SeenProcess> & { command?: Command }): SeenProcess => ({
  pid: 7,
  parent: 1,
  start: 1,
  comm: 'vault',
  commands: [own.command ?? ['/opt/vault', '--keyfile', '/copy.json']],
  keyed: new Set(['/copy.json', '--key=/copy.json']),
  managed: false,
  place: null,
  ...own,
});

const unit = (own: Partial<SeenUnit>): SeenUnit => ({
  name: 'vault.service',
  manager: 'system',
  active: 'active',
  enabled: 'disabled',
  commands: [['/opt/vault', '--keyfile', '/copy.json']],
  keyed: new Set(['/copy.json']),
  ...own,
});

const nothing: Facts = { processes: [], units: [], pidFiles: [] };
const wordsOf = (facts: Partial<Facts>, own: Partial<Traces> = {}) =>
  strangersIn({ ...nothing, ...facts }, { ...traces, ...own }).map(({ words, end }) => `${words}: ${end}`);

describe('a process', () => {
  test.each<[what: string, command: Command, evidence: string | null]>([
    ['with its key file', ['vault', '--keyfile', '/copy.json'], 'vault --keyfile /copy.json'],
    ['with its key file in one word', ['vault', '--key=/copy.json'], 'vault --key=/copy.json'],
    ['with its key file and no option', ['runner', '/copy.json'], 'runner /copy.json'],
    [
      'with its key file and key name',
      ['/bin/vault', '--keyname=me', '--keyfile', '/copy.json'],
      'vault --keyname=me --keyfile /copy.json',
    ],
    ['with its key name alone', ['vault', '--keyname', 'me', '--keyfile', '/edited.json'], 'vault --keyname me'],
    ['with another key of the same file', ['vault', '--keyfile', '/copy.json', '--keyname', 'you'], null],
    [
      'with the key name that comes last',
      ['vault', '--keyname', 'me', '--keyname', 'you', '--keyfile', '/copy.json'],
      null,
    ],
    ['with the key name as another option', ['tool', '--user', 'me', 'me'], null],
    ['with its account', ['vault', '--account-id', account], `vault --account-id ${account}`],
    ['with its account in one word', ['vault', `--id=${account}`], `vault --id=${account}`],
    ['with one of the texts', ['collator', '--name=node-id-7'], 'collator --name=node-id-7'],
    ['with another key file', ['vault', '--keyfile', '/other.json'], null],
    ['that the operator excepted', ['watcher', '--monitor', account], null],
    ['whose name alone is like it', ['/copy.json'], null],
    [
      'with a secret, which is not repeated',
      ['vault', '--pass', 'secret', '--keyfile', '/copy.json'],
      'vault --keyfile /copy.json',
    ],
  ])('%s', (_, command, evidence) =>
    expect(wordsOf({ processes: [seen({ command, commands: [command] })] })).toEqual(
      evidence === null ? [] : [`pid 7 (${evidence}): kill -INT 7`],
    ),
  );

  test('that a vaultvisor started, or that started us, is none', () =>
    expect(wordsOf({ processes: [seen({ managed: true })] })).toEqual([]));

  test('that is one of several commands of a shell', () =>
    expect(
      wordsOf({
        processes: [
          seen({
            commands: [
              ['mkdir', 'x'],
              ['vault', '--keyfile', '/copy.json'],
            ],
          }),
        ],
      }),
    ).toEqual(['pid 7 (vault --keyfile /copy.json): kill -INT 7']));

  test('without a key name of ours, every key name counts', () =>
    expect(
      wordsOf(
        { processes: [seen({ commands: [['vault', '--keyname', 'you', '--keyfile', '/copy.json']] })] },
        { keyName: null },
      ),
    ).toEqual(['pid 7 (vault --keyfile /copy.json): kill -INT 7']));

  test('that could paint a terminal cannot', () =>
    expect(wordsOf({ processes: [seen({ commands: [['va\u001b[31mult', '--keyfile', '/copy.json']] })] })[0]).toContain(
      'va\\x1b[31mult',
    ));

  test('the eldest comes first: it may start the others again', () =>
    expect(
      wordsOf({
        processes: [seen({ pid: 5, start: 9 }), seen({ pid: 8, start: 2, commands: [['runner', '/copy.json']] })],
      }),
    ).toEqual(['pid 8 (runner /copy.json): kill -INT 8', 'pid 5 (vault --keyfile /copy.json): kill -INT 5']));
});

test('a fork of one that has not yet become another program is not told of', () => {
  const runner = seen({ pid: 8, commands: [['runner', '/copy.json']] });
  const facts = { processes: [seen({}), seen({ pid: 9, parent: 7 }), runner, seen({ pid: 10, parent: 8 })] };
  expect(strangersIn({ ...nothing, ...facts }, traces).map(({ pid }) => pid)).toEqual([7, 8, 10]);
});

describe('a pid file', () => {
  test('names its writer, whatever its arguments say', () =>
    expect(wordsOf({ pidFiles: [{ path: '/tmp/x.pid', process: seen({ commands: [], keyed: new Set() }) }] })).toEqual([
      'pid 7 (vault, named in /tmp/x.pid): kill -INT 7',
    ]));

  test.each<[what: string, own: Partial<SeenProcess>]>([
    ['of ours', { managed: true }],
    ['that the operator excepted', { commands: [['vault', '--monitor']] }],
  ])('of a process %s names none', (_, own) =>
    expect(wordsOf({ pidFiles: [{ path: '/tmp/x.pid', process: seen(own) }] })).toEqual([]),
  );

  test('of one that is known already says nothing new', () =>
    expect(wordsOf({ processes: [seen({})], pidFiles: [{ path: '/tmp/x.pid', process: seen({}) }] })).toEqual([
      'pid 7 (vault --keyfile /copy.json): kill -INT 7',
    ]));
});

describe('a unit', () => {
  const words = (state: string) =>
    `the unit vault.service (${state}; vault --keyfile /copy.json): systemctl disable --now vault.service`;

  test.each<[active: string, enabled: string, isOne: boolean]>([
    ['active', 'disabled', true],
    ['activating', 'static', true],
    ['inactive', 'enabled', true],
    ['failed', 'enabled-runtime', true],
    ['inactive', 'disabled', false],
    ['failed', 'linked', false],
    ['inactive', '', false],
  ])('that is %s and %s', (active, enabled, isOne) =>
    expect(wordsOf({ units: [unit({ active, enabled })] })).toEqual(isOne ? [words(`${active}, ${enabled}`)] : []),
  );

  test('with another command line is none', () =>
    expect(wordsOf({ units: [unit({ commands: [['/opt/vault', '--keyfile', '/other.json']] })] })).toEqual([]));

  test('whose process is seen is told once, with what ends it for good', () =>
    expect(
      wordsOf({
        processes: [seen({ place: { in: 'unit', unit: 'vault.service', manager: 'system' } })],
        units: [unit({})],
      }),
    ).toEqual(['pid 7 (vault --keyfile /copy.json) of the unit vault.service: systemctl disable --now vault.service']));

  test('of a user says whose', () =>
    expect(wordsOf({ units: [unit({ manager: { user: '1000' } })] })).toEqual([
      'the unit vault.service of the user 1000 (active, disabled; vault --keyfile /copy.json): systemctl --user disable --now vault.service, as the user 1000',
    ]));
});

const id = 'a'.repeat(64);
describe('what keeps it running, as its control group tells', () => {
  test.each<[text: string, place: Place | null, end: string]>([
    ['0::/user.slice/user-0.slice/session-3.scope', null, 'kill -INT 9'],
    [
      '0::/system.slice/vault.service',
      { in: 'unit', unit: 'vault.service', manager: 'system' },
      'systemctl disable --now vault.service',
    ],
    [
      '0::/system.slice/vault.service/payload',
      { in: 'unit', unit: 'vault.service', manager: 'system' },
      'systemctl disable --now vault.service',
    ],
    [
      '0::/user.slice/user-1000.slice/user@1000.service/app.slice/vault.service',
      { in: 'unit', unit: 'vault.service', manager: { user: '1000' } },
      'systemctl --user disable --now vault.service, as the user 1000',
    ],
    ['0::/user.slice/user-1000.slice/user@1000.service/init.scope', null, 'kill -INT 9'],
    [
      '12:pids:/system.slice/vault.service\n1:name=systemd:/system.slice/vault.service\n0::/',
      { in: 'unit', unit: 'vault.service', manager: 'system' },
      'systemctl disable --now vault.service',
    ],
    [
      `0::/system.slice/docker-${id}.scope`,
      { in: 'container', id: 'aaaaaaaaaaaa', engine: 'docker' },
      'docker update --restart=no aaaaaaaaaaaa && docker stop aaaaaaaaaaaa',
    ],
    [
      `4:memory:/docker/${id}\n0::/`,
      { in: 'container', id: 'aaaaaaaaaaaa', engine: 'docker' },
      'docker update --restart=no aaaaaaaaaaaa && docker stop aaaaaaaaaaaa',
    ],
    [
      `0::/machine.slice/libpod-${id}.scope`,
      { in: 'container', id: 'aaaaaaaaaaaa', engine: 'podman' },
      'podman stop aaaaaaaaaaaa',
    ],
    [`0::/kubepods.slice/x/cri-containerd-${id}.scope`, { in: 'pod' }, 'kill -INT 9, once its workload is scaled to 0'],
    ['', null, 'kill -INT 9'],
  ])('%s', (text, place, end) => {
    expect(placeOf(text, '0::/own.slice/vaultvisor.service')).toEqual(place);
    expect(endOf(place, 9)).toBe(end);
  });

  test('where we are ourselves, ending all of it is no advice', () =>
    expect(placeOf('0::/system.slice/a.service', '0::/system.slice/a.service')).toBeNull());
});

test.each<[what: string, own: Partial<Traces>, is: boolean]>([
  ['nothing', {}, false],
  ['a key file', { keyFiles: ['/k'] }, true],
  ['a key name', { keyName: 'me' }, true],
  ['an account', { isAccount: () => false }, true],
  ['a text', { texts: ['x'] }, true],
  ['a pid file', { pidFiles: ['/x'] }, true],
])('with %s there is something to look for: %s', (_, own, is) =>
  expect(hasTraces({ keyFiles: [], keyName: null, isAccount: null, texts: [], pidFiles: [], except: [], ...own })).toBe(
    is,
  ),
);

// as systemd 252 writes it
const shown = `Id=vault.service
ActiveState=active
UnitFileState=enabled
WorkingDirectory=!/var/lib/vault
RootDirectory=
Environment=KEY=/etc/key.json "NAME=my key"
ExecStart={ path=/opt/vault ; argv[]=/opt/vault --keyfile \${KEY} --keyname $NAME --cost $5 ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
ExecStart={ path=/bin/sh ; argv[]=/bin/sh -c sleep 1; exec vault --keyfile k ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }

Id=other.service
ActiveState=inactive
UnitFileState=

`;

test('units are read as systemctl shows them', () =>
  expect(parseUnits(shown)).toEqual([
    {
      name: 'vault.service',
      active: 'active',
      enabled: 'enabled',
      root: '/',
      cwd: '/var/lib/vault',
      lines: [
        ['/opt/vault', '--keyfile', '/etc/key.json', '--keyname', 'my', 'key', '--cost', '$5'],
        ['/bin/sh', '-c', 'sleep 1; exec vault --keyfile k'],
      ],
    },
    { name: 'other.service', active: 'inactive', enabled: '', root: '/', cwd: '/', lines: [] },
  ]));
