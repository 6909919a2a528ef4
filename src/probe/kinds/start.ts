import { execa } from 'execa';
import type { Place } from './command.ts';

/** Starts a command in a process group of its own; how it ends is told, never thrown. */
export function start([file = '', ...args]: readonly string[], { cwd, env, input }: Place) {
  return execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    detached: true,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    buffer: false,
    reject: false,
  });
}
