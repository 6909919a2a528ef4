import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { find, startOf } from '../../../src/process/who/processes.ts';
import { textAt } from '../journal.ts';
import { endAllOf } from '../left-over.ts';

/** Runs a program of the system. @throws Error with what it said */
export function system(program: string, ...words: readonly string[]): string {
  try {
    return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (thrown) {
    const { code, stderr } = thrown as { code?: string; stderr?: string };
    if (code === 'ENOENT') throw new Error(`the program ${program} is missing`);
    throw new Error(`${program} ${words.join(' ')}: ${(stderr ?? '').trim().split('\n')[0] ?? 'failed'}`);
  }
}

/** Where something is mounted below a folder, the deepest and last mounted first. */
export function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '))
    .filter((at) => at.startsWith(`${folder}/`))
    .reverse();
}

/** Unmounts all below a folder, whoever still works there: their files stay theirs, the names go. */
export function unmountAll(folder: string): void {
  for (const at of mountsBelow(folder)) {
    try {
      system('umount', at);
    } catch {
      system('umount', '-l', at);
    }
  }
  for (const device of loopsOf(folder)) detach(device);
}

/** Keeps whose a scratch folder is, so that a run that comes after a crash of this one knows it for abandoned. */
export function claim(folder: string): void {
  writeFileSync(join(folder, 'lab.pid'), `${process.pid} ${startOf(process.pid)}`);
}

/** Ends, unmounts and removes what a lab that died left mounted beside this folder. */
export function sweepBeside(folder: string): void {
  const kind = basename(folder).replace(/[^-]*$/, '');
  for (const name of readdirSync(dirname(folder))) {
    const other = join(dirname(folder), name);
    if (!name.startsWith(kind) || other === folder || !isAbandoned(other)) continue;
    endAllOf(other);
    unmountAll(other);
    rmSync(other, { recursive: true, force: true });
  }
}

function isAbandoned(folder: string): boolean {
  const [pid, start] = textAt(join(folder, 'lab.pid')).split(' ').map(Number);
  return pid !== undefined && start !== undefined && pid > 0 && find({ pid, start }) === null;
}

/** The loop devices over a file, or over files below a folder. */
export function loopsOf(path: string): readonly string[] {
  return readdirSync('/sys/block')
    .filter((name) => isBelow(textAt(`/sys/block/${name}/loop/backing_file`).trim(), path))
    .map((name) => `/dev/${name}`);
}

const isBelow = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`);

function detach(device: string): void {
  try {
    system('losetup', '-d', device);
  } catch {
    // its last file was closed meanwhile, and it went with that
  }
}
