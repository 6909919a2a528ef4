import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs';
import { VisorError } from '../../errors.ts';
import { codeOf } from '../system-error.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_CREAT, O_EXCL } = constants;
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/**
 * A descriptor of a lock file; it is made when missing, and never removed by anyone. `null`: it is another user's and may not be opened.
 * The folder may be shared by all (1777), where `fs.protected_regular` forbids O_CREAT on another user's file: so an existing one is opened without.
 * A link or a FIFO in its place is refused: neither may lead us elsewhere or hold us up.
 * @throws VisorError `io` if the folder is missing, or what lies there is no file
 */
export function openLockFile(path: string): number | null {
  try {
    return regular(path, openExisting(path) ?? openNew(path) ?? openExisting(path));
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'EACCES' || code === 'EPERM') return null;
    if (thrown instanceof VisorError) throw thrown;
    throw new VisorError(
      'io',
      `the lock file ${path} cannot be opened (${code})`,
      'See that its folder exists and is a folder of ours.',
      {
        cause: thrown,
      },
    );
  }
}

function openExisting(path: string): number | null {
  return unless('ENOENT', () => openSync(path, READ));
}

function openNew(path: string): number | null {
  return unless('EEXIST', () => {
    const descriptor = openSync(path, READ | O_CREAT | O_EXCL, 0o644);
    fchmodSync(descriptor, 0o644); // whatever the umask: another user must be able to lock it
    return descriptor;
  });
}

function unless<T>(code: string, act: () => T): T | null {
  try {
    return act();
  } catch (thrown) {
    if (codeOf(thrown) === code) return null;
    throw thrown;
  }
}

function regular(path: string, descriptor: number | null): number {
  if (descriptor !== null && fstatSync(descriptor).isFile()) return descriptor;
  if (descriptor !== null) closeSync(descriptor);
  throw new VisorError(
    'io',
    `${path} is not a lock file`,
    'Remove it: it is no file, or somebody replaces it all the time.',
  );
}
