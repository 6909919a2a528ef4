import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

const accept = async (room: Room) => {
  await room.args();
  await room.put(
    'home/accepted.json',
    JSON.stringify({ schema: 1, file: room.file, text: readFileSync(room.file, 'utf8'), kept: {} }),
  );
};
const openAt = (cron: string, zone: string) => ({ gates: { windows: [{ cron, for: '1h', zone }] } });
/** An hour that is not now, whenever the test runs. */
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);

export const argsRows: readonly Row[] = [
  { id: 'args-valid', what: 'no file', state: 'error', says: /There is no args file/, scene: () => {} },
  {
    id: 'args-valid',
    what: 'a mistyped key',
    state: 'error',
    says: /args\.json:\d+:\d+: .*clients\.vault.*does not start/,
    scene: (room) => room.args({ helth: {} }),
  },
  {
    id: 'args-valid',
    what: 'a config file that is not there',
    state: 'error',
    says: /must be a file that can be read/,
    scene: (room) => room.args({ files: { 'vault.toml': join(room.folder, 'none') } }),
  },
  { id: 'args-valid', what: 'a valid file', state: 'well', says: /is valid/, scene: (room) => room.args() },
  {
    id: 'args-in-force',
    what: 'a file that was edited since',
    state: 'note',
    says: /was edited since a daemon ran/,
    scene: async (room) => {
      await accept(room);
      writeFileSync(room.file, `${readFileSync(room.file, 'utf8')}\n`);
    },
  },
  { id: 'args-in-force', what: 'the file that was accepted', state: 'well', says: /is in force/, scene: accept },
  {
    id: 'args-mounted',
    what: 'a file that is mounted by itself',
    state: 'warning',
    says: /a mount of its own/,
    needs: 'mounts',
    scene: async (room) => {
      await room.args();
      const other = await room.put('on-host.json', readFileSync(room.file));
      room.mount(['--bind', other], room.file);
    },
  },
  { id: 'args-mounted', what: 'a file in a folder', state: 'well', says: /Edits/, scene: (room) => room.args() },
  {
    id: 'identity',
    what: 'a client without a key or an identity',
    state: 'warning',
    says: /Nothing says whose account it serves/,
    scene: (room) => room.args({ identity: undefined }),
  },
  {
    id: 'identity',
    what: 'a client with a key name',
    state: 'well',
    says: /whose account it serves\./,
    scene: (room) => room.args({ identity: undefined, args: ['--keyname', 'vault'] }),
  },
  {
    id: 'maintenance-windows',
    what: 'a window once in a year',
    state: 'warning',
    says: /opens .* UTC: updates wait until then/,
    scene: (room) => room.args(openAt(`0 3 1 ${later(24 * 60).getUTCMonth() + 1} *`, 'UTC')),
  },
  {
    id: 'maintenance-windows',
    what: 'a window in another zone',
    state: 'note',
    says: /Asia\/Kathmandu, which is .* in the time zone of this machine/,
    scene: (room) =>
      room.args(openAt(`${later(6).getUTCMinutes()} ${later(12).getUTCHours()} * * *`, 'Asia/Kathmandu')),
  },
  {
    id: 'maintenance-windows',
    what: 'a window every night, here',
    state: 'well',
    says: /within two weeks/,
    scene: (room) =>
      room.args(openAt(`0 ${later(6).getHours()} * * *`, Intl.DateTimeFormat().resolvedOptions().timeZone)),
  },
];
