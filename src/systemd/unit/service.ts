import { neededCapabilities } from '../../account.ts';
import { type Group, type Line, line, type UnitFacts } from './facts.ts';
import { words } from './text.ts';

/** The first systemd that knows Type=notify-reload. */
const NOTIFY_RELOAD = 253;

const capabilityNames = neededCapabilities.map(([name]) => name).join(' ');

/** How much longer than the longest grace systemd waits: for what comes after the last client has left. */
const MORE = 30;

export const howItIsRun = (facts: UnitFacts): readonly Group[] => [starting(facts), stopping(facts), restarting];

function starting({ program, config, user, group, systemd }: UnitFacts): Group {
  const reloads = systemd >= NOTIFY_RELOAD;
  const run = [...program, 'run', '--config', config];
  return {
    words: 'It says itself when it is up, how its clients are, and that it is alive.',
    lines: [
      reloads
        ? line(
            'Type',
            'notify-reload',
            'started when its clients are taken up; reloaded when the args file is read (SIGHUP)',
          )
        : line('Type', 'notify', 'started when its clients are taken up, which waits for no network'),
      line(
        'NotifyAccess',
        'all',
        'it speaks through systemd-notify, a process of its own; neither the address nor the watchdog is handed on to a client',
      ),
      line(
        'WatchdogSec',
        '120',
        'ended and started again where its event loop, or the decisions of a client, do not move for two minutes',
      ),
      line('User', user, 'no more rights than it needs; everything in its home is its own'),
      ...(group === null ? [] : [line('Group', group, 'the "group" of its client')]),
      line('ExecStart', words(run), 'in the foreground; its log goes to the journal'),
      ...(reloads
        ? []
        : [
            line(
              'ExecReload',
              '/bin/kill -HUP $MAINPID',
              '`systemctl reload` reads the args file again; an edit is seen without',
            ),
          ]),
      line('TimeoutStartSec', '300', 'for a slow disk; the network is not waited for'),
    ],
  };
}

function stopping({ grace, leavesClients }: UnitFacts): Group {
  const seconds = grace === null ? null : Math.ceil(grace / 1_000) + MORE;
  return {
    words: 'Only vaultvisor is asked to leave; it asks its clients, each with its own signal and grace.',
    lines: [
      leavesClients
        ? line(
            'KillMode',
            'process',
            'a client whose "orphans" is not "terminate" lives on when vaultvisor dies, for the next one; a stop still asks all of them',
          )
        : line(
            'KillMode',
            'mixed',
            'SIGTERM to vaultvisor alone; what is left of a dead one is ended before the next start',
          ),
      seconds === null
        ? line('TimeoutStopSec', 'infinity', 'a grace of this args file is "infinite"')
        : line(
            'TimeoutStopSec',
            String(seconds),
            `the longest grace of this args file, and ${MORE} s; after an edit of it vaultvisor asks for more by itself`,
          ),
    ],
  };
}

const restarting: Group = {
  words: 'Started again however it ended, but where that mends nothing.',
  lines: [
    line('Restart', 'always', 'also after a clean end that nobody asked systemd for'),
    line('RestartSec', '2', 'not in a tight circle'),
    line('RestartPreventExitStatus', '64 77 78', 'its words, its permissions, its configuration: a person mends those'),
    line('OOMPolicy', 'continue', 'a client that runs out of memory is restarted by vaultvisor, which says so'),
    line('LimitNOFILE', '65536', 'clients inherit it: a vault keeps many files and connections open'),
  ],
};

/** Beside what `fence` allows. */
export function rights({ changesUser, user }: UnitFacts): readonly Line[] {
  const bounding = changesUser ? capabilityNames : '';
  const why = changesUser
    ? 'a client of this args file has a user of its own: what that takes, and nothing else (docs/bare-metal.md)'
    : 'it needs none';
  return [
    line('CapabilityBoundingSet', bounding, why),
    ...(changesUser && user !== 'root'
      ? [
          line(
            'AmbientCapabilities',
            capabilityNames,
            'it has them from the start, as it is not root; clients get none of them',
          ),
        ]
      : []),
    line('NoNewPrivileges', 'yes', 'no program gives it, or a client, more'),
  ];
}
