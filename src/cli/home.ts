import { access } from 'node:fs/promises';
import type { AcceptedRecord } from '../config/accepted-record.ts';
import { findConfig, missingArgsFile, USUAL_HOME } from '../daemon/find-config.ts';
import { VisorError } from '../errors.ts';
import { type Home, homeAt } from '../layout.ts';
import type { Context } from './context.ts';

/** Where the state is, and what is known of the args file. Only `home` need be right in it. */
export interface Located {
  readonly home: Home;
  /** `null`: there is no such file. */
  readonly text: string | null;
  readonly accepted: AcceptedRecord | null;
}

/** @throws VisorError `config` where neither the file nor what was accepted of it names a home */
export async function locate({ file }: Pick<Context, 'file'>): Promise<Located> {
  const found = await findConfig(file).catch(asReader);
  if (found.home !== null) return { ...found, home: homeAt(found.home) };
  throw found.text === null
    ? missingArgsFile(file)
    : new VisorError(
        'config',
        `${file} names no home`,
        'Write "home": "/var/lib/vaultvisor" into it, or where the state is.',
      );
}

/**
 * Who may read by the daemon's `control.group` need not be able to read the args file: its home is VAULTVISOR_HOME, or the usual one.
 * @throws what the file system said, where nobody reads there
 */
async function asReader(refused: NodeJS.ErrnoException) {
  const home = process.env['VAULTVISOR_HOME'] || USUAL_HOME;
  if (refused.code !== 'EACCES') throw refused;
  await access(homeAt(home).readers.socket).catch(() => {
    throw refused;
  });
  return { text: null, home, accepted: null };
}
