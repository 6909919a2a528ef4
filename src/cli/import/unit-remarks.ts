import { madeUpRemark } from './remarks.ts';

/** Settings of a unit that say more than how its client is started, and what becomes of them. */
const told: readonly (readonly [settings: readonly string[], what: string])[] = [
  [
    ['ExecStartPre', 'ExecStartPost', 'ExecStop', 'ExecStopPost', 'ExecReload'],
    'is not carried over: vaultvisor runs nothing before or after the client. What it does may belong into a unit of its own',
  ],
  [['LoadCredential', 'SetCredential'], 'is not carried over: name the file itself'],
  [
    ['BindPaths', 'BindReadOnlyPaths', 'RootDirectory', 'RootImage', 'TemporaryFileSystem'],
    'is not carried over: the client would see the machine as vaultvisor does',
  ],
  [
    ['IPAddressDeny', 'IPAddressAllow', 'RestrictAddressFamilies'],
    'is not carried over: write it into the unit of vaultvisor, whose own connections it then holds too',
  ],
  [
    ['MemoryMax', 'MemoryHigh', 'CPUQuota', 'CPUWeight', 'IOWeight', 'Slice', 'Nice', 'TasksMax'],
    'is not carried over: in the unit of vaultvisor it counts for all clients together',
  ],
];

/** What of a unit cannot be carried over into an args file, a sentence each. */
export function unitRemarks(
  settings: ReadonlyMap<string, readonly string[]>,
  fact: (key: string) => string,
): readonly string[] {
  const written = told.flatMap(([keys, what]) =>
    keys
      .filter((key) => (settings.get(key)?.length ?? 0) > 0)
      .map((key) => `${key}=${settings.get(key)?.join(' ')} ${what}.`),
  );
  const needed = [...new Set(`${fact('Requires')} ${fact('BindsTo')}`.split(' '))].filter(
    (name) => name.endsWith('.service') && name !== '',
  );
  return [
    ...written,
    ...(needed.length > 0
      ? [
          `It requires ${needed.join(' and ')}: write After=${needed.join(' ')} and Wants=${needed.join(' ')} into the unit of vaultvisor.`,
        ]
      : []),
    ...(fact('PrivateTmp') === 'yes'
      ? [
          'It has a /tmp of its own (PrivateTmp): its pid file there was seen by nobody else. vaultvisor leaves it the real /tmp.',
        ]
      : []),
    ...(fact('DynamicUser') === 'yes' ? [madeUpRemark] : []),
    ...(['process', 'none'].includes(fact('KillMode'))
      ? [
          `With KillMode=${fact('KillMode')} systemd does not end all of it: takeover waits until the last of it is gone, and tells what stays.`,
        ]
      : []),
  ];
}
