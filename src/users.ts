import { execFile } from 'node:child_process';
import { printable, sentenceOf, VisorError } from './errors.ts';

/** A user as this machine knows it, whoever keeps it: /etc/passwd, LDAP, sssd, systemd-userdb. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Where that user is at home. */
  readonly home: string;
}

/**
 * Looks a user up, by name or number.
 * @returns `null`: there is none
 * @throws VisorError `network` where who keeps the users does not answer; that is never taken for "none"
 */
export async function findUser(key: string): Promise<User | null> {
  const [name, , uid = '', gid = '', , home = ''] = (await entry('passwd', key)) ?? [];
  if (name === undefined || !isId(uid) || !isId(gid)) return null;
  // `getent` takes 4294967296 for 0, which is root
  if (isId(key) && Number(key) !== Number(uid)) return null;
  return { name, uid: Number(uid), gid: Number(gid), home: home === '' ? '/' : home };
}

/** The number of a group, by name or number; `null`: there is none. @throws VisorError `network` as findUser does */
export async function findGroup(key: string): Promise<number | null> {
  const [, , gid = ''] = (await entry('group', key)) ?? [];
  return isId(gid) && !(isId(key) && Number(key) !== Number(gid)) ? Number(gid) : null;
}

/** As findUser. @param next what is to be done where there is none @throws VisorError `config` where there is none */
export async function requireUser(key: string, next: string): Promise<User> {
  const user = await findUser(key);
  if (user !== null) return user;
  throw new VisorError('config', `This machine has no user ${printable(key)}`, next);
}

/** The name of a user; the number, where it has none. */
export const nameOfUser = async (uid: number): Promise<string> => (await findUser(String(uid)))?.name ?? String(uid);

/**
 * Whether a number is of those that systemd gives to units with DynamicUser= for as long as they are up (its "Users, Groups, UIDs and GIDs", 61184 to 65519). While
 * the unit is up such a user can be looked up like any other, and after it no more.
 */
export const isMadeUp = (uid: number): boolean => uid >= 61_184 && uid <= 65_519;

const isId = (text: string): boolean => /^\d+$/.test(text);

/** What `getent` (1) ends with where it has found nothing. */
const NONE = 2;

/** Milliseconds: a directory may be far away, and busy. */
const PATIENCE = 10_000;

/** One line of a database, as its fields. A name never begins with a sign: that would be an option, or a number in disguise (`+0` is root). */
async function entry(of: 'passwd' | 'group', key: string): Promise<readonly string[] | null> {
  if (!/^[^-+\s:]/.test(key)) return null;
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  const line = await new Promise<string>((resolve, reject) => {
    execFile('getent', [of, key], { env, timeout: PATIENCE }, (error, stdout) => {
      if (error === null || error.code === NONE) resolve(stdout.trim());
      else reject(unanswered(of, key, error));
    });
  });
  return line === '' ? null : (line.split('\n')[0] ?? '').split(':');
}

function unanswered(of: 'passwd' | 'group', key: string, cause: Error & { killed?: boolean }): VisorError {
  const kind = of === 'passwd' ? 'user' : 'group';
  const why = cause.killed === true ? `no answer within ${PATIENCE / 1_000} s` : sentenceOf(cause);
  return new VisorError(
    'network',
    `The ${kind} ${printable(key)} cannot be looked up: ${why}`,
    `Try \`getent ${of} ${printable(key)}\` as the same user: it asks whoever keeps the users of this machine (nsswitch.conf(5)).`,
    { cause },
  );
}
