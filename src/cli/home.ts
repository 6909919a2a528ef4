import type { AcceptedRecord } from '../config/accepted-record.ts';
import { findConfig } from '../daemon/find-config.ts';
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
export async function locate({ file }: Context): Promise<Located> {
  const found = await findConfig(file);
  if (found.home !== null) return { ...found, home: homeAt(found.home) };
  throw found.text === null
    ? new VisorError(
        'config',
        `${file} is not there`,
        'Name the args file with --config FILE, or in VAULTVISOR_CONFIG.',
      )
    : new VisorError(
        'config',
        `${file} names no home`,
        'Write "home": "/var/lib/vaultvisor" into it, or where the state is.',
      );
}
