import { chmod, chown, stat } from 'node:fs/promises';
import type { ClientConfig } from '../config/settings.ts';
import { homeMode, isOurMode } from '../home-mode.ts';
import { findUser } from '../users.ts';

/**
 * Opens the way through a home to those who need it, and closes it to all others.
 * @param gid of `control.group`; `null`: there is none
 * @throws where a person gave the home a mode that keeps the group out
 */
export async function settleHome(root: string, gid: number | null, users: boolean): Promise<void> {
  const { uid, gid: present, mode } = await stat(root);
  const wanted = homeMode({ users, group: gid !== null });
  if (!isOurMode(mode)) {
    const isOpen = (mode & 0o001) !== 0 || (present === gid && (mode & 0o010) !== 0);
    if (gid === null || isOpen) return;
    throw new Error(`${root} is open to others, and closed to the group: chmod it to 0700`);
  }
  // closed while it changes hands
  if (wanted === 0o710 && present !== gid) {
    await chmod(root, 0o700);
    await chown(root, uid, gid ?? present);
  }
  if ((mode & 0o777) !== wanted || present !== gid) await chmod(root, wanted);
}

/** Whether one of these runs as another user than we do. One that this machine does not know passes nowhere; one that cannot be looked up just now may. */
export async function haveOwnUsers(clients: readonly Pick<ClientConfig['settings'], 'user'>[]): Promise<boolean> {
  const all = clients.flatMap(({ user }) => user ?? []);
  if (all.some(({ group }) => group !== null)) return true;
  const isOther = (name: string) =>
    findUser(name).then(
      (found) => found !== null && found.uid !== process.geteuid?.(),
      () => true,
    );
  return (await Promise.all([...new Set(all.map(({ name }) => name))].map(isOther))).includes(true);
}
