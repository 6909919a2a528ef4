import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

const withKey = async (room: Room, mode: number) => {
  const key = await room.put('key.json', '{}', mode);
  chmodSync(key, mode);
  await room.args({ identity: undefined, args: ['--keyfile', key] });
  return key;
};
const withSecret = async (room: Room, mode: number) => {
  const secret = await room.put('pass', 'planted', mode);
  chmodSync(secret, mode);
  await room.args({ env: { PASS: `{secret:file:${secret}}` } });
};
const withArgs = async (room: Room, mode: number, client = {}) => {
  await room.args(client);
  chmodSync(room.file, mode);
};

export const permissionRows: readonly Row[] = [
  {
    id: 'home-mode',
    what: 'a home that a client of a user of its own goes through',
    state: 'well',
    says: /nobody else/,
    scene: (room) => {
      chmodSync(room.home.root, 0o711);
      return room.args();
    },
  },
  {
    id: 'root-user',
    what: 'a root whose clients have users of their own',
    state: 'well',
    says: /Every client has a user/,
    needs: 'root',
    scene: (room) => room.args({ user: 'nobody' }),
  },
  {
    id: 'key-file-readable',
    what: 'a key that the client’s own user cannot read',
    state: 'error',
    says: /it is of uid 0, and it runs as uid \d{3,}/,
    needs: 'root',
    scene: async (room) => {
      const key = await room.put('key.json', '{}', 0o600);
      await room.args({ identity: undefined, args: ['--keyfile', key], user: 'nobody' });
    },
  },
  {
    id: 'home-mode',
    what: 'a home that others may read',
    state: 'warning',
    says: /mode 0755: others may read it/,
    mended: 'well',
    scene: (room) => {
      chmodSync(room.home.root, 0o755);
      return room.args();
    },
  },
  {
    id: 'home-mode',
    what: 'a home that others may read, and a client of a user of its own goes through',
    state: 'warning',
    says: /mode 0755: others may read it/,
    mended: 'well',
    scene: (room) => {
      chmodSync(room.home.root, 0o755);
      return room.args({ user: 'nobody' });
    },
  },
  {
    id: 'home-mode',
    what: 'a home that others may write to',
    state: 'error',
    says: /mode 0777: others may write to it/,
    mended: 'well',
    scene: (room) => {
      chmodSync(room.home.root, 0o777);
      return room.args();
    },
  },
  { id: 'home-mode', what: 'a home of mode 0700', state: 'well', says: /nobody else/, scene: (room) => room.args() },
  {
    id: 'args-file-mode',
    what: 'an args file that others may write',
    state: 'error',
    says: /Others may write the args file \(mode 0666\)/,
    mended: 'well',
    scene: (room) => withArgs(room, 0o666),
  },
  {
    id: 'args-file-mode',
    what: 'a secret that everybody may read',
    state: 'warning',
    says: /has secrets in it/,
    mended: 'well',
    scene: (room) => withArgs(room, 0o644, { args: ['--bitcoin-rpc-pass', 'planted'] }),
  },
  {
    id: 'args-file-mode',
    what: 'an args file that is readable and has no secret',
    state: 'well',
    says: /Nobody else/,
    scene: (room) => withArgs(room, 0o644),
  },
  {
    id: 'key-file-mode',
    what: 'a key that everybody may read',
    state: 'error',
    says: /every user of this machine may read it/,
    mended: 'well',
    scene: (room) => withKey(room, 0o644),
  },
  {
    id: 'key-file-mode',
    what: 'a key that its group may read',
    state: 'well',
    says: /at most a group/,
    scene: (room) => withKey(room, 0o640),
  },
  {
    id: 'key-file-mode',
    what: 'a key that is not there',
    state: 'skipped',
    says: /No key file that is named can be seen/,
    scene: (room) => room.args({ identity: undefined, args: ['--keyfile', join(room.folder, 'none.json')] }),
  },
  {
    id: 'key-file-readable',
    what: 'a key that is not there',
    state: 'error',
    says: /cannot be read by the client: ENOENT/,
    scene: (room) => room.args({ identity: undefined, args: ['--keyfile', join(room.folder, 'none.json')] }),
  },
  {
    id: 'key-file-readable',
    what: 'a key in the container of an agent',
    state: 'skipped',
    says: /No client that runs here names a key file/,
    scene: (room) =>
      room.args({
        identity: undefined,
        args: ['--keyfile', '/run/secrets/key'],
        agent: { socket: join(room.folder, 'run', 'agent.sock') },
      }),
  },
  {
    id: 'key-file-readable',
    what: 'a key of another user than the daemon’s',
    state: 'error',
    says: /it is of uid 0, and it runs as uid 4711/,
    needs: 'root',
    scene: async (room) => {
      await withKey(room, 0o600);
      chownSync(room.home.root, 4711, 4711);
    },
  },
  {
    id: 'key-file-readable',
    what: 'a key of the daemon’s user',
    state: 'well',
    says: /can be read/,
    scene: (room) => withKey(room, 0o600),
  },
  {
    id: 'secret-files',
    what: 'a secret that everybody may read',
    state: 'error',
    says: /has mode 0644: every user of this machine may read it/,
    mended: 'well',
    scene: (room) => withSecret(room, 0o644),
  },
  {
    id: 'secret-files',
    what: 'a secret that is not there, of some versions only',
    state: 'error',
    says: /cannot be read by the daemon: ENOENT/,
    scene: (room) =>
      room.args({ when: [{ version: '>=2.0.0', env: { PASS: `{secret:file:${join(room.folder, 'none')}}` } }] }),
  },
  {
    id: 'secret-files',
    what: 'a secret of another user than the daemon’s',
    state: 'error',
    says: /it is of uid 0, and it runs as uid 4711/,
    needs: 'root',
    scene: async (room) => {
      await withSecret(room, 0o600);
      chownSync(room.home.root, 4711, 4711);
    },
  },
  {
    id: 'secret-files',
    what: 'a secret of the daemon’s user',
    state: 'well',
    says: /Every secret is there/,
    scene: (room) => withSecret(room, 0o600),
  },
  {
    id: 'secret-files',
    what: 'a secret in the container of an agent',
    state: 'skipped',
    says: /No client that runs here/,
    scene: (room) =>
      room.args({
        env: { PASS: '{secret:file:/run/secrets/pass}' },
        agent: { socket: join(room.folder, 'run', 'agent.sock') },
      }),
  },
  {
    id: 'folders-above',
    what: 'a folder above the home that everybody may write to',
    state: 'error',
    says: /and so put something else in the place of/,
    scene: (room) => {
      chmodSync(room.folder, 0o777);
      return room.args();
    },
  },
  {
    id: 'folders-above',
    what: 'folders of their owners',
    state: 'well',
    says: /Nobody else/,
    scene: (room) => room.args(),
  },
  {
    id: 'home-owner',
    what: 'a state that root has written for another user',
    state: 'error',
    says: /not all of its owner \(uid 4711\).*state\.json/,
    needs: 'root',
    scene: async (room) => {
      await room.put('home/instances/kintsugi/vault/state.json', '{}');
      for (const path of ['', '/instances', '/instances/kintsugi', '/instances/kintsugi/vault'])
        chownSync(`${room.home.root}${path}`, 4711, 4711);
      await room.args();
    },
  },
  {
    id: 'home-owner',
    what: 'a home of one user',
    state: 'well',
    says: /one user/,
    scene: async (room) => {
      await room.put('home/instances/kintsugi/vault/state.json', '{}');
      await room.args();
    },
  },
  {
    id: 'lock-folder',
    what: 'locks that everybody may remove',
    state: 'error',
    says: /Everybody may remove the locks/,
    scene: (room) => {
      mkdirSync(join(room.folder, 'locks'));
      chmodSync(join(room.folder, 'locks'), 0o777);
      return room.args();
    },
  },
  {
    id: 'lock-folder',
    what: 'a file where the locks should be',
    state: 'error',
    says: /is not a folder.*nothing is started/,
    scene: async (room) => {
      const at = await room.put('no-folder', '');
      await room.args({}, {}, { lockDir: at });
    },
  },
  {
    id: 'lock-folder',
    what: 'a folder like /tmp',
    state: 'well',
    says: /locks are in/,
    scene: (room) => {
      mkdirSync(join(room.folder, 'locks'));
      chmodSync(join(room.folder, 'locks'), 0o1777);
      return room.args();
    },
  },
  {
    id: 'root-user',
    what: 'a home of root',
    state: 'warning',
    says: /The home is root’s, so the daemon runs as root/,
    needs: 'root',
    scene: (room) => room.args(),
  },
  {
    id: 'root-user',
    what: 'a home of a user of its own',
    state: 'well',
    says: /uid 4711/,
    needs: 'root',
    scene: (room) => {
      chownSync(room.home.root, 4711, 4711);
      return room.args();
    },
  },
];
