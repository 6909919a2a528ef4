import { execFile } from 'node:child_process';
import { chmod, chown, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, findAccount } from '../../account.ts';
import type { Deployment } from '../../core/deployment.ts';
import { systemCode, VisorError } from '../../errors.ts';
import { homeMode } from '../../home-mode.ts';
import type { Laid } from '../../install/laid.ts';
import { isBelow } from '../../process/start/working-directory.ts';
import type { Cell } from './cell.ts';

/**
 * Whom a deployment runs as, with the way to its program open.
 * @returns `null`: as ourselves
 * @throws VisorError `config` where there is no such user, or that user cannot reach the program; `permission` where we may not run anything as that user
 */
export async function accountFor(of: Deployment, laid: Laid | null, cell: Cell): Promise<Account | null> {
  const account = of.user === undefined ? null : await findAccount(of.user);
  if (account === null || laid === null) return account;
  await openWay(laid.program, cell);
  await giveFiles(cell.folder.deployment(of.id).files, account);
  await requireReach(laid.program, account);
  return account;
}

/**
 * Lets everybody go through the folders above a file of our home: to a name that they know. Nothing can be listed, and every other file there has a mode of its own that
 * keeps others out.
 */
export async function openWay(path: string, { services }: Cell): Promise<void> {
  const { root } = services.home;
  const passable = homeMode({ users: true, group: false }) & 0o011;
  for (let folder = dirname(path); isBelow(folder, root); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & passable) !== passable) await chmod(folder, (mode & 0o7777) | passable);
  }
}

/** The client's config files: nobody else's. */
async function giveFiles(folder: string, { uid, gid }: Account): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (names === null) return;
  for (const path of [...names.map((name) => join(folder, name)), folder]) await chown(path, uid, gid);
}

/** Above our home are folders of others. */
function requireReach(program: string, { name, words }: Account): Promise<void> {
  const [change = '', ...rest] = words;
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  return new Promise((resolve, reject) => {
    execFile(change, [...rest, 'test', '-x', program], { env, cwd: '/' }, (error) => {
      if (error === null) return resolve();
      const next = `See which folder above it is closed to ${name} (namei -l ${program}), or choose a "home" that is not below one.`;
      reject(new VisorError('config', `${name} cannot reach the program ${program}`, next, { cause: error }));
    });
  });
}
