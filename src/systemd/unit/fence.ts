import { dirname, isAbsolute, relative } from 'node:path';
import { homeMode } from '../../home-mode.ts';
import { sharedLocks } from '../../layout.ts';
import { type Group, line, type UnitFacts } from './facts.ts';
import { rights } from './service.ts';
import { words } from './text.ts';

const STATE = '/var/lib';
const HOMES = ['/home', '/root', '/run/user'];

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** What is kept from vaultvisor and its clients. */
export const fence = (facts: UnitFacts): readonly Group[] => [
  places(facts),
  { words: 'What it may do.', lines: rights(facts) },
  machine,
];

function places(facts: UnitFacts): Group {
  const { home, changesUser } = facts;
  const state = below(home, STATE);
  const open = writable(facts);
  const isInHomes = [home, facts.config, ...facts.program, ...open, ...facts.read].some((path) =>
    HOMES.some((homes) => isWithin(path, homes)),
  );
  return {
    words: 'What it sees and writes of the disk.',
    lines: [
      line('ProtectSystem', 'strict', 'all of it is read-only but for what follows'),
      ...(state === null
        ? []
        : [
            line('StateDirectory', words([state]), 'the home, made where it is missing'),
            changesUser
              ? line(
                  'StateDirectoryMode',
                  octal(homeMode({ users: true, group: false })),
                  'a client with a user of its own finds its program there, by its name; nothing can be listed',
                )
              : line(
                  'StateDirectoryMode',
                  octal(homeMode({ users: false, group: false })),
                  'state, logs and the control socket are nobody else’s',
                ),
          ]),
      line(
        'ReadWritePaths',
        words(open.map((path) => `-${path}`)),
        'the locks that all vaultvisors of the machine share, and the folders that the args file names; one that is missing keeps the others from nothing',
      ),
      facts.sharesTmp
        ? line(
            'PrivateTmp',
            'no',
            'vaults keep their own guard against a duplicate in /tmp: it must be the one that everybody sees',
          )
        : line('PrivateTmp', 'yes', 'no client of this args file keeps a guard against a duplicate there'),
      isInHomes
        ? line('ProtectHome', 'read-only', 'the args file names something below /home or /root; better move it')
        : line('ProtectHome', 'yes', '/home and /root are not there: keys lie elsewhere'),
    ],
  };
}

/** The shortest list that has them all; the home is among them where systemd does not make it. */
function writable({
  home,
  lockDir,
  writable: own,
  sharesTmp,
}: Pick<UnitFacts, 'home' | 'lockDir' | 'writable' | 'sharesTmp'>) {
  const isMade = below(home, STATE) !== null;
  const all = [...(isMade ? [] : [home]), lockFolder(lockDir), ...(sharesTmp ? ['/tmp'] : []), ...own];
  const needed = isMade ? all.filter((path) => !isWithin(path, home)) : all;
  return [...new Set(needed)].filter((path) => !needed.some((other) => other !== path && isWithin(path, other)));
}

/** After each boot somebody makes the usual one anew: the folder around it is written to. */
const lockFolder = (asked: string | null): string =>
  asked === null || asked === sharedLocks ? dirname(sharedLocks) : asked;

const isWithin = (path: string, folder: string): boolean => path === folder || below(path, folder) !== null;

/** The rest of the path; `null`: it is not below the folder. */
function below(path: string, folder: string): string | null {
  const way = relative(folder, path);
  return way === '' || way === '..' || way.startsWith('../') || isAbsolute(way) ? null : way;
}

const machine: Group = {
  words: 'What it sees and changes of the machine. Left open on purpose: see `vaultvisor systemd --explain`.',
  lines: [
    line('PrivateMounts', 'yes', 'no mount of it reaches the machine'),
    line('PrivateDevices', 'yes', 'no disks, no hardware'),
    line('ProtectKernelTunables', 'yes', '/proc/sys and /sys are read-only'),
    line('ProtectKernelModules', 'yes', 'no modules'),
    line('ProtectKernelLogs', 'yes', 'no kernel log'),
    line('ProtectControlGroups', 'yes', 'no limits of others'),
    line('ProtectClock', 'yes', 'no clock'),
    line('ProtectHostname', 'yes', 'no name of the machine'),
    line('RestrictSUIDSGID', 'yes', 'no file that gives rights to who executes it'),
    line('RestrictNamespaces', 'yes', 'no namespaces: migrations run with one fence less, which the log says'),
    line('RestrictRealtime', 'yes', 'no way to starve the machine'),
    line(
      'RestrictAddressFamilies',
      'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      'the control socket, chains and servers; Node asks for its addresses by netlink',
    ),
    line('LockPersonality', 'yes', 'no other system’s ways'),
    line('SystemCallArchitectures', 'native', 'no 32-bit way around the filter'),
    line('SystemCallFilter', '@system-service @pkey', 'what services call; without @pkey Node is killed at its start'),
    line('SystemCallErrorNumber', 'EPERM', 'what is not allowed fails, so that a client can do without it'),
  ],
};

/** What a reader misses, and why it is not there. */
export const leftOpen: readonly (readonly [setting: string, why: string])[] = [
  ['MemoryDenyWriteExecute', 'stops Node’s compiler'],
  ['ProtectProc, ProcSubset, PrivateUsers', 'hide whoever holds a lock, and clients that others started'],
  ['UMask', 'is the clients’ too: what they write is as before'],
  ['MemoryMax, CPUQuota', 'yours to choose: they count vaultvisor and all clients together'],
  ['IPAddressDeny', 'chains, servers and clients’ peers lie anywhere'],
];
