import { execFile } from 'node:child_process';

export interface Words {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * How a program is started that has no business on a network: in a network namespace of its own, in which there is nothing. `null`: this machine
 * gives us none (a container without the right, a kernel or an AppArmor profile that forbids user namespaces). It keeps its pid and every descriptor.
 */
export async function withoutNetwork({ program, args }: Words): Promise<Words | null> {
  found ??= findWay();
  const way = await found;
  return way === null ? null : { program: way.program, args: [...way.args, program, ...args] };
}

/** Nothing else of ours is theirs. */
const env = { PATH: process.env['PATH'] };

let found: Promise<Words | null> | null = null;

/** As root a namespace of the network is enough; another user needs one of users around it, in which it is called root and has no right more. */
async function findWay(): Promise<Words | null> {
  for (const args of [
    ['--net', '--'],
    ['--map-root-user', '--net', '--'],
  ]) {
    const way = { program: await whereIs('unshare'), args };
    if (way.program !== null && (await succeeds(way.program, [...args, 'true']))) return { program: way.program, args };
  }
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
