import { execFile } from 'node:child_process';
import type { Owner } from '../../store/atomic-write.ts';

/** The ids of a user of this machine; `null`: there is none of that name. */
export async function ownerNamed(user: string): Promise<Owner | null> {
  const [uid, gid] = await Promise.all([id('-u', user), id('-g', user)]);
  return uid === null || gid === null ? null : { uid, gid };
}

const id = (which: string, user: string): Promise<number | null> =>
  new Promise((done) => {
    execFile('id', [which, '--', user], (error, stdout) => done(error === null ? Number(stdout) : null));
  });

/** Makes a user that owns nothing and cannot log in. */
export const makeUser = (user: string, home: string): string =>
  `useradd --system --home-dir ${home} --shell /usr/sbin/nologin ${user}`;
