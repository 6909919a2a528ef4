import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { type Account, missingRights } from '../../account.ts';
import { sentenceOf } from '../../errors.ts';
import { isBelow } from './working-directory.ts';

/**
 * Makes a folder below our home the property of whom a client runs as, with all that is in it: the user may have been another until now. The folder itself comes last,
 * so that its owner says whether it was done. What lies elsewhere is the operator's.
 * @param account `null`: our own user
 * @returns why not, in words
 */
export async function giveFolder(path: string, home: string, account: Account | null): Promise<string | null> {
  if (!isBelow(path, home)) return null;
  const uid = account?.uid ?? process.geteuid?.() ?? 0;
  const gid = account?.gid ?? process.getegid?.() ?? 0;
  try {
    // as root we can write whatever belongs to whom; and who has no right to give was never given one
    if (statSync(path).uid === uid || (account === null && (uid === 0 || missingRights().length > 0))) return null;
    await chown(`${uid}:${gid}`, path);
    return null;
  } catch (thrown) {
    return `its folder ${path} cannot be given to ${account?.name ?? 'our own user'}: ${sentenceOf(thrown)}`;
  }
}

/** By coreutils: it goes from descriptor to descriptor, so that nobody can put a link in its way. */
const chown = (owner: string, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
    execFile('chown', ['-R', '-h', '-P', '--', owner, path], { env }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
