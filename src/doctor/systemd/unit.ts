import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Manager, placeOf } from '../../process/strangers/place.ts';
import { once } from '../check.ts';
import type { Patient } from '../patient.ts';

/** The unit that runs the daemon, or would; as `systemctl show` tells it, key by key. */
export interface Unit {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
}

/** What `systemctl show` is asked for. */
const PROPERTIES = [
  ...[
    'Id',
    'LoadState',
    'UnitFileState',
    'NeedDaemonReload',
    'ExecStart',
    'KillMode',
    'TimeoutStopUSec',
    'Restart',
    'RestartUSec',
  ],
  ...[
    'RestartPreventExitStatus',
    'StartLimitIntervalUSec',
    'StartLimitBurst',
    'OOMPolicy',
    'PrivateTmp',
    'ProtectProc',
  ],
  ...['PrivateUsers', 'MemoryDenyWriteExecute', 'ProtectSystem', 'ReadWritePaths', 'StateDirectory', 'NoExecPaths'],
];

const PATIENCE = 10_000;

/** The unit of the running daemon, by its control group; else the one whose command line runs this file. `null`: none. */
export const unit = once(async (patient): Promise<Unit | null> => {
  const found = patient.daemon === null ? null : placeOf(controlGroup(patient.daemon.pid), '');
  if (found?.in === 'unit') return (await show(found.manager, [found.unit]))[0] ?? null;
  const all = await show('system', ['*.service']);
  return all.find((one) => runsUs(one.properties.get('ExecStart') ?? '', patient)) ?? null;
});

/** @returns nothing where no systemd answers */
async function show(manager: Manager, names: readonly string[]): Promise<readonly Unit[]> {
  const whose = manager === 'system' ? [] : ['--user'];
  const words = [...whose, '--no-pager', 'show', '--all', `--property=${PROPERTIES.join()}`, '--', ...names];
  const env = { ...process.env, LC_ALL: 'C', SYSTEMD_COLORS: '0' };
  const how = { env, timeout: PATIENCE, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 } as const;
  const asked = promisify(execFile)('systemctl', words, how);
  return asked.then(
    ({ stdout }) => parseShown(stdout),
    () => [],
  );
}

export function parseShown(text: string): readonly Unit[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const lines = block.split('\n').filter((line) => line.includes('='));
    const properties = new Map(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    const name = properties.get('Id');
    return name === undefined || properties.get('LoadState') === 'not-found' ? [] : [{ name, properties }];
  });
}

/** `{ path=… ; argv[]=/usr/bin/node …/main.js run --config FILE ; … }` */
function runsUs(execStart: string, { file }: Patient): boolean {
  const words = (/argv\[\]=(.*?) ; /.exec(execStart)?.[1] ?? '').split(' ');
  if (!words.includes('run') || !words.some((word) => /vaultvisor/.test(word))) return false;
  const named = words[words.indexOf('--config') + 1];
  return words.includes('--config') ? named === file : true;
}

function controlGroup(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}

const units: Readonly<Record<string, number>> = {
  ...{ us: 1e-3, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 },
  ...{ w: 604_800_000, month: 2_629_800_000, y: 31_557_600_000 },
};

/** A span as systemd prints it (`1min 30s`, `infinity`), in milliseconds. */
export function millisOf(text: string): number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = [...text.matchAll(/([\d.]+)([a-z]*)/g)];
  return parts.reduce((sum, [, digits, name = '']) => sum + Number(digits) * (units[name] ?? 1e-3), 0);
}
