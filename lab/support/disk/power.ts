import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { system } from './mounts.ts';

/**
 * What is lost. `nothing`: all is written first; `data`: what was not written through, but no name; `all`: the unwritten end of the journal
 * too, as when the plug is pulled.
 */
export type Loss = 'nothing' | 'data' | 'all';

const modes: Readonly<Record<Loss, string>> = { nothing: '0', data: '1', all: '2' };

/** @returns cuts the power of the file system mounted at a path */
export function compilePower(folder: string): (at: string, loss: Loss) => void {
  const program = join(folder, 'power');
  execFileSync('cc', ['-O2', '-o', program, fileURLToPath(new URL('power.c', import.meta.url))]);
  return (at, loss) => void system(program, at, modes[loss]);
}
