import { execFile } from 'node:child_process';

export interface Words {
  readonly program: string;
  readonly args: readonly string[];
  /** What needs our own rights, before another user's program is executed. */
  readonly around?: readonly string[];
}

/**
 * How a program is started that has no business on a network: in a network namespace of its own, in which there is nothing. `null`: this machine
 * gives us none (a container without the right, a kernel or an AppArmor profile that forbids user namespaces). It keeps its pid and every descriptor.
 */
export async function withoutNetwork({ program, args }: Words): Promise<Words | null> {
  found ??= findWay();
  const way = await found;
  if (way === null) return null;
  return way.isRoot
    ? { around: [way.program, ...way.args], program, args }
    : { program: way.program, args: [...way.args, program, ...args] };
}

/** Nothing else of ours is theirs. */
const env = { PATH: process.env['PATH'] };

let found: Promise<Way | null> | null = null;

interface Way extends Words {
  /** It takes root, or its right; else anybody does it. */
  readonly isRoot: boolean;
}

/** As root a namespace of the network is enough; another user needs one of users around it, in which it is called root and has no right more. */
async function findWay(): Promise<Way | null> {
  const program = await whereIs('unshare');
  if (program === null) return null;
  for (const [isRoot, args] of [
    [true, ['--net', '--']],
    [false, ['--map-root-user', '--net', '--']],
  ] as const)
    if (await succeeds(program, [...args, 'true'])) return { program, args, isRoot };
  return null;
}

const whereIs = (name: string): Promise<string | null> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', 'command -v "$0"', name], { env }, (error, stdout) =>
      resolve(error ? null : stdout.trim() || null),
    );
  });

const succeeds = (program: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: 5_000, env }, (error) => resolve(error === null));
  });
