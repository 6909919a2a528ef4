import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { system } from '../../../lab/support/disk/mounts.ts';
import type { Row } from '../support/row.ts';

const small = ['-t', 'tmpfs', '-o', 'size=20m,nr_inodes=60,noexec,mode=700', 'doctor'];

export const diskRows: readonly Row[] = [
  {
    id: 'disk-space',
    what: 'a disk of 20 MiB',
    state: 'error',
    says: /has \d+ MiB left: no release can be fetched/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(small);
      return room.args();
    },
  },
  {
    id: 'disk-space',
    what: 'a disk of 300 MiB',
    state: 'warning',
    says: /a release and a backup may not fit/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(['-t', 'tmpfs', '-o', 'size=300m', 'doctor']);
      return room.args();
    },
  },
  {
    id: 'disk-space',
    what: 'a large disk',
    state: 'well',
    says: /are free/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(['-t', 'tmpfs', '-o', 'size=3g', 'doctor']);
      return room.args({ cwd: room.home.root });
    },
  },
  {
    id: 'disk-inodes',
    what: 'a disk of 60 files',
    state: 'error',
    says: /can take only \d+ more files/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(small);
      return room.args();
    },
  },
  { id: 'disk-inodes', what: 'a disk of many files', state: 'well', says: /enough/, scene: (room) => room.args() },
  {
    id: 'disk-writable',
    what: 'a disk that became read-only',
    state: 'error',
    says: /Nothing can be written to the home.*EROFS/,
    needs: 'mounts',
    scene: async (room) => {
      room.mount(small);
      system('mount', '-o', 'remount,ro', room.home.root);
      await room.args();
    },
  },
  {
    id: 'disk-writable',
    what: 'a disk that can be written to',
    state: 'well',
    says: /can be written/,
    scene: (room) => room.args(),
  },
  {
    id: 'disk-exec',
    what: 'a home that is mounted noexec',
    state: 'error',
    says: /is mounted noexec/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(small);
      return room.args();
    },
  },
  { id: 'disk-exec', what: 'an ordinary home', state: 'well', says: /can be run/, scene: (room) => room.args() },
  {
    id: 'file-system',
    what: 'a file system that is not known to keep locks',
    state: 'error',
    says: /type 0x858458f6/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(['-t', 'ramfs', 'doctor']);
      return room.args();
    },
  },
  { id: 'file-system', what: 'a local disk', state: 'well', says: /local disks/, scene: (room) => room.args() },
  {
    id: 'flock',
    what: 'no flock in PATH',
    state: 'error',
    says: /the program flock is missing/,
    scene: (room) => {
      room.path('/nowhere');
      return room.args();
    },
  },
  { id: 'flock', what: 'locks that exclude', state: 'well', says: /kept out/, scene: (room) => room.args() },
  {
    id: 'disk-lasting',
    what: 'a home in memory',
    state: 'error',
    says: /is in memory \(tmpfs/,
    needs: 'mounts',
    scene: (room) => {
      room.mount(small);
      return room.args();
    },
  },
  {
    id: 'disk-lasting',
    what: 'a home on a disk',
    state: 'well',
    says: /outlives/,
    needs: 'mounts',
    scene: (room) => room.args(),
  },
  {
    id: 'data-place',
    what: 'a file in the place of the data',
    state: 'error',
    says: /is not a folder/,
    scene: async (room) => room.args({ data: { dir: await room.put('vault/db', 'x') } }),
  },
  {
    id: 'data-place',
    what: 'data that were never made',
    state: 'note',
    says: /is not there yet/,
    scene: (room) => room.args({ data: { dir: '{data}/db' } }),
  },
  {
    id: 'data-reflink',
    what: 'data that were never made',
    state: 'skipped',
    says: /No client has data yet/,
    scene: (room) => room.args({ data: { dir: '{data}/db' } }),
  },
  {
    id: 'data-place',
    what: 'a disk without room for a backup',
    state: 'error',
    says: /a backup of the data takes \d+ MiB, and .* has no room/,
    needs: 'mounts',
    scene: async (room) => {
      room.mount(['-t', 'tmpfs', '-o', 'size=80m', 'doctor']);
      await room.put('home/vault/db/table', Buffer.alloc(40 * 2 ** 20, 1));
      await room.args({ data: { dir: join(room.home.root, 'vault/db') } });
    },
  },
  {
    id: 'data-place',
    what: 'a folder of data',
    state: 'well',
    says: /backed up/,
    scene: async (room) => {
      await room.put('vault/db/table', 'x');
      await room.args({ data: { dir: join(room.folder, 'vault/db') } });
    },
  },
  {
    id: 'backup-folder',
    what: 'a folder of backups that is not there',
    state: 'warning',
    says: /is its disk mounted/,
    mended: 'well',
    scene: (room) => room.args({ data: { dir: '{data}/db', backupDir: join(room.folder, 'backups') } }),
  },
  {
    id: 'backup-folder',
    what: 'a file in its place',
    state: 'error',
    says: /cannot be used/,
    scene: async (room) => {
      const at = await room.put('backups', 'x');
      await room.args({ data: { dir: '{data}/db', backupDir: at } });
    },
  },
  {
    id: 'backup-folder',
    what: 'a folder that is there',
    state: 'well',
    says: /are there/,
    scene: async (room) => {
      await mkdir(join(room.folder, 'backups/kintsugi/vault'), { recursive: true });
      await room.args({ data: { dir: '{data}/db', backupDir: join(room.folder, 'backups') } });
    },
  },
];
