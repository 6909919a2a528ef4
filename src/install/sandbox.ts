import { tmpdir } from 'node:os';
import type { Account } from '../account.ts';
import { runOnce } from './run-once.ts';

/** What stands before the words of a program that is not to be trusted with more than it needs. */
export interface Sandbox {
  readonly words: readonly string[];
  /** What this machine cannot keep from it, in words; `null`: it can all. */
  readonly lacks: string | null;
}

/** Memory that it may write to, and the largest file: a migration of arguments handles some kilobytes. */
const limits = [`--data=${2 ** 30}`, `--fsize=${2 ** 26}`, '--core=0'];

/** Counted within its own user namespace only: on the host the limit would count the client's threads too. */
const processes = '--nproc=64';

/** A new pid namespace ends with its first process: what leaves the group is ended too. */
const alone = ['--pid', '--fork', '--kill-child=SIGKILL'];

/** The first process of a pid namespace hears no signal of its own kind: a shell stands there, and the program is its child. */
const below = ['sh', '-c', '"$@"; exit $?', 'sh'];

/** From the tightest down; the first that this machine does is taken. */
const sandboxes: readonly Sandbox[] = [
  {
    words: ['unshare', '--user', '--map-current-user', '--net', ...alone, 'prlimit', ...limits, processes, ...below],
    lacks: null,
  },
  // without a user namespace (forbidden by a sysctl or a container's seccomp), as root
  {
    words: ['unshare', '--net', ...alone, 'prlimit', ...limits, ...below],
    lacks: 'a limit of processes (user namespaces are not allowed here)',
  },
  {
    words: ['unshare', '--user', '--map-current-user', '--net', 'prlimit', ...limits],
    lacks: 'processes that leave its group (pid namespaces are not allowed here)',
  },
  {
    words: ['prlimit', ...limits],
    lacks: 'the network, and processes that leave its group (user namespaces are not allowed here)',
  },
  {
    words: [],
    lacks:
      'the network, limits of memory and files, and processes that leave its group (it has neither namespaces nor prlimit of util-linux)',
  },
];

const patience = 5_000;
const found = new Map<string, Promise<Sandbox>>();

/** The tightest sandbox that this machine allows whom it runs as: tried once in a process's life. The user is changed first. */
export function sandbox(as: Account | null = null): Promise<Sandbox> {
  const before = as?.words ?? [];
  const key = before.join(' ');
  const known = found.get(key) ?? firstThatWorks(before);
  found.set(key, known);
  return known;
}

async function firstThatWorks(before: readonly string[]): Promise<Sandbox> {
  const all = sandboxes.map(({ words, lacks }) => ({ words: [...before, ...words], lacks }));
  for (const each of all) if (await works(each)) return each;
  return all.at(-1)!;
}

/** It must be able to start further processes: a script does little else. */
async function works({ words }: Sandbox): Promise<boolean> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  const request = { words: [...words, 'sh', '-c', 'true | true'], cwd: tmpdir(), env, limit: patience };
  return runOnce(request, new AbortController().signal).then(
    ({ code }) => code === 0,
    () => false,
  );
}
