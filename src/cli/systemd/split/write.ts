import { systemCode, VisorError } from '../../../errors.ts';
import { writeAtomic } from '../../../store/atomic-write.ts';
import { textOf } from '../../../systemd/unit/unit.ts';
import { findUser } from '../../../users.ts';
import { installUnit, requireOurs, textAt } from '../install.ts';
import type { Instance } from './instance.ts';
import { argsText } from './text.ts';

/**
 * Writes the args files, 0600 and of who is to read them where that user is there, and the units; or nothing at all.
 * @returns the paths
 * @throws VisorError `usage` where a file lies there that says otherwise, or a unit that we did not write; `permission` where we may not
 */
export async function writeSplit(instances: readonly Instance[], of: string, into: string): Promise<readonly string[]> {
  for (const instance of instances) {
    await requireSame(instance.file, argsText(instance, of));
    await requireOurs(into, instance.name);
  }
  const written: string[] = [];
  for (const instance of instances) {
    await writeArgs(instance, argsText(instance, of));
    written.push(instance.file, await installUnit(into, instance.name, textOf(instance.facts)));
  }
  return written;
}

/** What was written before may be written again; what a person edited since is his. */
async function requireSame(path: string, text: string): Promise<void> {
  const present = await textAt(path);
  if (present === null || present === text) return;
  throw new VisorError(
    'usage',
    `${path} is there already, and says otherwise`,
    'Nothing was written. Edit that file, or move it away; its unit is written again by --install --config with it.',
  );
}

async function writeArgs({ file, facts: { user } }: Instance, text: string): Promise<void> {
  const owner = process.getuid?.() === 0 ? await findUser(user) : null;
  try {
    await writeAtomic(file, text, { mode: 0o600, ...(owner && { owner }) });
  } catch (error) {
    if (systemCode(error) !== 'EACCES' && systemCode(error) !== 'EROFS') throw error;
    throw new VisorError('permission', `${file} cannot be written`, 'Run it as root (sudo), or without --install.', {
      cause: error,
    });
  }
}
