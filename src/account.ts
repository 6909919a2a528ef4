import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { printable, sentenceOf, VisorError } from './errors.ts';
import { findGroup, requireUser } from './users.ts';

/** Another user of this machine, as whom a program is run. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Where that user is at home. */
  readonly home: string;
  /** What stands before the words of a program: it changes the user, with all its groups and none of our rights, and executes them. */
  readonly words: readonly string[];
}

/**
 * What running a client as another user takes (capabilities(7)), and what for. Who may become any user is root in all but name: this keeps what has nothing to do
 * with it (the network, modules, mounts, the clock) from the daemon, not what such a user could do.
 */
export const neededCapabilities: readonly (readonly [name: string, bit: number, why: string])[] = [
  ['CAP_SETUID', 7, 'to run a client as its own user'],
  ['CAP_SETGID', 6, 'and with its groups'],
  ['CAP_KILL', 5, 'to ask it to leave'],
  ['CAP_CHOWN', 0, 'to give it its folders'],
  ['CAP_FOWNER', 3, 'to put its data back as they were'],
  ['CAP_DAC_OVERRIDE', 1, 'to read its key file, which says who it is, and to back up its data'],
  ['CAP_SYS_PTRACE', 19, 'to see in /proc which locks it holds'],
];

/**
 * Looks a user up, and proves that we may run a program as that user.
 * @param group instead of the user's own
 * @returns `null`: it is the user that we are
 * @throws VisorError `config` where there is none of that name, `network` where nobody answers, `permission` where we may not
 */
export async function findAccount(said: {
  readonly name: string;
  readonly group: string | null;
}): Promise<Account | null> {
  const make = `Make it (useradd --system ${printable(said.name)}), or correct "user" of the client.`;
  const { name, uid, gid: own, home } = await requireUser(said.name, make);
  const gid = said.group === null ? own : await groupOf(said.group);
  if (uid === process.geteuid?.() && gid === process.getegid?.()) return null;
  requireRights(name);
  const words = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--init-groups',
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--',
  ];
  const failure = await run([...words, 'true']).then(() => null, sentenceOf);
  if (failure === null) return { name, uid, gid, home, words };
  throw new VisorError(
    'permission',
    `A program cannot be run as ${name}: ${failure}`,
    'It is done by setpriv of util-linux: see that it is installed, and what keeps it from that (a container, a seccomp filter).',
  );
}

/** Of that user, as `login` would set it; what the operator sets comes before. */
export const environmentOf = ({ name, home }: Account): Readonly<Record<string, string>> => ({
  HOME: home,
  USER: name,
  LOGNAME: name,
});

/** Which of the needed rights we have not. */
export function missingRights(status = readFileSync('/proc/self/status', 'utf8')): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return neededCapabilities.filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n).map(([name]) => name);
}

function requireRights(name: string): void {
  const missing = missingRights();
  if (missing.length === 0) return;
  throw new VisorError(
    'permission',
    `This vaultvisor may not run a program as ${name}: it lacks ${missing.join(', ')}`,
    'Have its unit written anew (vaultvisor systemd --install), run it as root, or run it as that user and leave "user" out.',
  );
}

async function groupOf(name: string): Promise<number> {
  const gid = await findGroup(name);
  if (gid !== null) return gid;
  const next = `Make it (groupadd --system ${printable(name)}), or correct "group" of the client.`;
  throw new VisorError('config', `This machine has no group ${printable(name)}`, next);
}

const run = ([program = '', ...args]: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
    execFile(program, args, { env, timeout: 10_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(stderr.trim() === '' ? error : new Error(stderr.trim()));
    });
  });
