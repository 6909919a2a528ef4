import { constants } from 'node:fs';
import { chown, open, rm } from 'node:fs/promises';
import { VisorError } from '../errors.ts';
import { makeFolder } from '../folders.ts';
import type { Mend } from './check.ts';

/**
 * Does one of the safe acts. @returns what was done, in words
 * @throws what the file system says
 */
export async function mend(what: Mend): Promise<string> {
  switch (what.act) {
    case 'chmod':
      await narrow(what.path, what.mode);
      return `chmod ${octal(what.mode)} ${what.path}`;
    case 'makeFolder':
      await makeFolder(what.path, what.mode);
      if (what.uid !== null && what.uid !== process.getuid?.()) await chown(what.path, what.uid, -1);
      return `made ${what.path} with mode ${octal(what.mode)}`;
    case 'remove':
      await rm(what.path, { force: true });
      return `removed ${what.path}`;
  }
}

/** Through a descriptor: what a link leads to is somebody else's. Only ever takes rights away. */
async function narrow(path: string, mode: number): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mode: present } = await file.stat();
    if ((mode & ~present & 0o7777) !== 0)
      throw new VisorError('bug', `${path} would get more rights, not fewer`, 'Please report it.');
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

/** As chmod(1) wants it. */
export const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');
