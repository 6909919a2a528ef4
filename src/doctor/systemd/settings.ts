import { type Check, type Complaint, check, skipped, verdict } from '../check.ts';
import { usualLockFolder } from '../lock-folder.ts';
import type { Patient } from '../patient.ts';
import { span } from '../words.ts';
import { millisOf, type Unit, unit } from './unit.ts';

const none = 'No unit of systemd runs vaultvisor with this args file.';

type Wrong = Pick<Complaint, 'severity' | 'sentence' | 'fix'>;
type Properties = Unit['properties'];

/** One setting of the unit. @param judge what is wrong with it; an old systemd does not know every one */
function setting(id: string, well: string, judge: (of: Properties, patient: Patient) => readonly Wrong[]): Check {
  return check(id, unit, (found, patient) => {
    if (found === null) return skipped(none);
    return verdict(
      judge(found.properties, patient).map((wrong) => ({ ...wrong, about: found.name })),
      well,
    );
  });
}

const edit = (line: string): string => `systemctl edit it: ${line}. Then restart it when that suits you.`;

export const killMode = setting('systemd-kill-mode', 'A stop asks vaultvisor alone, which asks its clients.', (of) => {
  const mode = of.get('KillMode');
  if (mode === 'control-group') {
    const sentence =
      'KillMode=control-group: at a stop systemd sends SIGTERM to every client itself, past stop.signal and whatever it is doing.';
    return [{ severity: 'warning', sentence, fix: edit('KillMode=mixed') }];
  }
  if (mode !== 'process' && mode !== 'none') return [];
  const sentence = `KillMode=${mode}: what a stop does not end in time runs on with nobody to look after it.`;
  return [{ severity: 'note', sentence, fix: 'With “orphans”: “adopt” it is what you want. Else KillMode=mixed.' }];
});

export const stopTimeout = setting(
  'systemd-stop-timeout',
  'systemd waits longer than the longest stop.grace.',
  (of, { config }) => {
    const waits = millisOf(of.get('TimeoutStopUSec') ?? 'infinity');
    const clients = config?.networks.flatMap((network) => network.clients) ?? [];
    const graces = clients.map(({ stop }) => stop.grace ?? Number.POSITIVE_INFINITY);
    const longest = Math.max(0, ...graces);
    if (waits > longest || (longest === 0 && waits > 0)) return [];
    if (longest === Number.POSITIVE_INFINITY && waits === longest) return [];
    const shown = longest === Number.POSITIVE_INFINITY ? 'infinite' : span(longest);
    const line =
      longest === Number.POSITIVE_INFINITY
        ? 'TimeoutStopSec=infinity'
        : `TimeoutStopSec=${Math.ceil(longest / 1_000) + 30}`;
    const sentence = `TimeoutStopSec is ${span(waits)}, and the longest stop.grace is ${shown}: a client is killed in the middle of it.`;
    return [{ severity: 'error', sentence, fix: edit(line) }];
  },
);

export const restart = setting('systemd-restart', 'systemd starts it again whatever ends it.', (of) => {
  const how = of.get('Restart');
  if (how === undefined || how === 'always') return [];
  const isOften = how === 'on-failure' || how === 'on-abnormal' || how === 'on-abort';
  const sentence = `Restart=${how}: ${isOften ? 'not everything that ends it has it started again' : 'when it ends, nobody starts it again'}.`;
  return [{ severity: isOften ? 'note' : 'error', sentence, fix: edit('Restart=always and RestartSec=2') }];
});

export const startLimit = setting('systemd-start-limit', 'systemd never gives up on it.', (of) => {
  const interval = millisOf(of.get('StartLimitIntervalUSec') ?? '0');
  const burst = Number(of.get('StartLimitBurst') ?? 0);
  const pause = millisOf(of.get('RestartUSec') ?? '100ms');
  if (interval === 0 || burst === 0 || burst * pause > interval) return [];
  const sentence = `After ${burst} starts within ${span(interval)} systemd gives up on it for good, and nothing serves any more.`;
  return [{ severity: 'warning', sentence, fix: edit('StartLimitIntervalSec=0 in [Unit]') }];
});

/** sysexits.h: usage, permission, configuration. */
const LASTING = ['64', '77', '78'];

export const exitStatuses = setting('systemd-exit-statuses', 'What a restart cannot mend is not restarted.', (of) => {
  const prevented = (of.get('RestartPreventExitStatus') ?? '').split(/\s+/);
  const missing = LASTING.filter((status) => !prevented.includes(status));
  const sentence = `It is started again every few seconds after exit ${missing.join(', ')}, which a restart cannot mend.`;
  return missing.length === 0
    ? []
    : [{ severity: 'note', sentence, fix: edit(`RestartPreventExitStatus=${LASTING.join(' ')}`) }];
});

export const oomPolicy = setting(
  'systemd-oom-policy',
  'A client that runs out of memory takes nobody with it.',
  (of) => {
    const policy = of.get('OOMPolicy');
    if (policy === undefined || policy === 'continue') return [];
    const sentence = `OOMPolicy=${policy}: when one client runs out of memory, systemd ends vaultvisor and all the others.`;
    return [{ severity: 'warning', sentence, fix: edit('OOMPolicy=continue') }];
  },
);

export const enabled = setting('systemd-enabled', 'It is started at boot.', (of) => {
  const state = of.get('UnitFileState') ?? '';
  const sentence = `The unit is ${state || 'not installed'}: after a reboot nothing serves.`;
  const isWell = state.startsWith('enabled') || state === 'static' || state === 'generated';
  return isWell ? [] : [{ severity: 'warning', sentence, fix: 'systemctl enable it.' }];
});

export const reload = setting('systemd-reload', 'systemd has read the unit as it is on disk.', (of) => {
  const sentence = 'The file of the unit was changed since systemd read it.';
  return of.get('NeedDaemonReload') === 'yes'
    ? [{ severity: 'warning', sentence, fix: 'systemctl daemon-reload, then restart it when that suits you.' }]
    : [];
});

interface Veil {
  readonly key: string;
  readonly isOn: (value: string) => boolean;
  readonly severity: Complaint['severity'];
  readonly consequence: string;
}

/** docs/hosts.md, "Not set, on purpose". */
const veils: readonly Veil[] = [
  {
    key: 'PrivateTmp',
    isOn: (value) => value === 'yes' || value === 'disconnected',
    severity: 'warning',
    consequence: 'hides a vault’s own guard against a duplicate, /tmp/<spec>_<account>.pid',
  },
  {
    key: 'ProtectProc',
    isOn: (value) => value !== 'default' && value !== '',
    severity: 'warning',
    consequence: 'hides clients that others started',
  },
  { key: 'PrivateUsers', isOn: (value) => value === 'yes', severity: 'warning', consequence: 'hides who holds a lock' },
  {
    key: 'MemoryDenyWriteExecute',
    isOn: (value) => value === 'yes',
    severity: 'error',
    consequence: 'keeps Node from compiling: it dies',
  },
];

export const sandbox = setting('systemd-sandbox', 'The unit hides nothing that vaultvisor must see.', (of) =>
  veils.flatMap(({ key, isOn, severity, consequence }) => {
    const value = of.get(key) ?? '';
    return value !== '' && isOn(value)
      ? [
          {
            severity,
            sentence: `${key}=${value} ${consequence}.`,
            fix: edit(`${key}=${key === 'ProtectProc' ? 'default' : 'no'}`),
          },
        ]
      : [];
  }),
);

/** Below which systemd itself makes folders that the unit may write to. */
const STATE = '/var/lib';

export const paths = setting('systemd-paths', 'The unit may write where vaultvisor must.', (of, patient) => {
  if (of.get('ProtectSystem') !== 'strict') return [];
  const listed = (of.get('ReadWritePaths') ?? '').split(/\s+/).map((path) => path.replace(/^[-+]+/, ''));
  const own = (of.get('StateDirectory') ?? '').split(/\s+/).map((name) => `${STATE}/${name}`);
  const open = [...listed, ...own].filter((path) => path.startsWith('/') && path !== `${STATE}/`);
  const wanted = [
    usualLockFolder(patient),
    ...(patient.home === null ? [] : [patient.home.root]),
    ...patient.clients.map(({ settings }) => settings.cwd),
  ];
  const shut = [...new Set(wanted)].filter(
    (path) => !open.some((folder) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`)),
  );
  return shut.map((path) => ({
    severity: 'error' as const,
    sentence: `ProtectSystem=strict, and ${path} is not among ReadWritePaths: nothing can be written there.`,
    fix: edit(`ReadWritePaths=${path}`),
  }));
});
