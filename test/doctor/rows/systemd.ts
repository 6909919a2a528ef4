import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

/** `systemctl show` of systemd 252 for the unit of docs/hosts.md, as a booted machine answered. */
const answered = readFileSync(new URL('../../fixtures/systemd/show-vaultvisor.txt', import.meta.url), 'utf8');

/** A machine whose systemctl says this of the unit. */
async function unit(room: Room, changes: Readonly<Record<string, string>> = {}, client: object = {}): Promise<void> {
  const file = room.file;
  const own = {
    ExecStart: answered.match(/^ExecStart=(.*)$/m)?.[1]?.replace('/etc/vaultvisor/args.json', file) ?? '',
    ReadWritePaths: room.folder,
    ...changes,
  };
  const text = Object.entries(own).reduce(
    (shown, [key, value]) => shown.replace(new RegExp(`^${key}=.*$`, 'm'), () => `${key}=${value}`),
    answered,
  );
  await room.put('bin/shown', text);
  await room.put('bin/systemctl', `#!/bin/sh\nexec cat ${room.folder}/bin/shown\n`, 0o755);
  room.path(`${room.folder}/bin${delimiter}${process.env['PATH']}`);
  await room.args(client);
}

const wrong = (id: string, state: Row['state'], changes: Readonly<Record<string, string>>, says: RegExp): Row => ({
  id,
  state,
  says,
  what: Object.entries(changes)
    .map((pair) => pair.join('='))
    .join(', '),
  scene: (room) => unit(room, changes),
});
const right = (id: string): Row => ({
  id,
  state: 'well',
  says: /./,
  what: 'the unit of the docs',
  scene: (room) => unit(room),
});

export const systemdRows: readonly Row[] = [
  wrong('systemd-kill-mode', 'warning', { KillMode: 'control-group' }, /sends SIGTERM to every client itself/),
  wrong('systemd-kill-mode', 'note', { KillMode: 'process' }, /runs on with nobody/),
  right('systemd-kill-mode'),
  wrong(
    'systemd-stop-timeout',
    'error',
    { TimeoutStopUSec: '30s' },
    /TimeoutStopSec is 30 s, and the longest stop\.grace is 60 s/,
  ),
  {
    id: 'systemd-stop-timeout',
    what: 'a grace without an end',
    state: 'error',
    says: /is infinite/,
    scene: (room) => unit(room, {}, { stop: { grace: 'infinite' } }),
  },
  {
    id: 'systemd-stop-timeout',
    what: 'no end on either side',
    state: 'well',
    says: /longer/,
    scene: (room) => unit(room, { TimeoutStopUSec: 'infinity' }, { stop: { grace: 'infinite' } }),
  },
  right('systemd-stop-timeout'),
  wrong('systemd-restart', 'error', { Restart: 'no' }, /nobody starts it again/),
  wrong('systemd-restart', 'note', { Restart: 'on-failure' }, /not everything/),
  right('systemd-restart'),
  wrong(
    'systemd-start-limit',
    'warning',
    { StartLimitIntervalUSec: '10s', RestartUSec: '100ms' },
    /gives up on it for good/,
  ),
  right('systemd-start-limit'),
  wrong('systemd-exit-statuses', 'note', { RestartPreventExitStatus: '64' }, /after exit 77, 78/),
  right('systemd-exit-statuses'),
  wrong('systemd-oom-policy', 'warning', { OOMPolicy: 'stop' }, /ends vaultvisor and all the others/),
  right('systemd-oom-policy'),
  wrong('systemd-enabled', 'warning', { UnitFileState: 'disabled' }, /after a reboot nothing serves/),
  right('systemd-enabled'),
  wrong('systemd-reload', 'warning', { NeedDaemonReload: 'yes' }, /was changed/),
  right('systemd-reload'),
  wrong('systemd-sandbox', 'warning', { PrivateTmp: 'yes' }, /own guard against a duplicate/),
  wrong('systemd-sandbox', 'error', { MemoryDenyWriteExecute: 'yes' }, /keeps Node from compiling/),
  right('systemd-sandbox'),
  wrong('systemd-paths', 'error', { ReadWritePaths: '/tmp/elsewhere' }, /is not among ReadWritePaths/),
  right('systemd-paths'),
  {
    id: 'systemd-paths',
    what: 'no unit',
    state: 'skipped',
    says: /No unit of systemd/,
    scene: async (room) => {
      await unit(room, { ExecStart: '{ argv[]=/usr/bin/other run ; }' });
    },
  },
];
