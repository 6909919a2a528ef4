import { sentenceOf, systemCode, VisorError } from '../../errors.ts';

/** The code of a system error (`ENOENT`), or `null` of anything else. */
export const codeOf = systemCode;

/** A failure of our own disk, said with what we were about and what a person can do. An abort or a `VisorError` stays as it is. */
export function diskError(thrown: unknown, doing: string): unknown {
  if (
    thrown instanceof VisorError ||
    codeOf(thrown) === null ||
    (thrown instanceof Error && thrown.name === 'AbortError')
  )
    return thrown;
  const [code, next] =
    remedies[codeOf(thrown) ?? ''] ??
    (['io', 'Look at the disk and the file system of this path, and at the system log.'] as const);
  return new VisorError(code, `${doing}: ${sentenceOf(thrown)}`, next, { cause: thrown });
}

const makeRoom = ['io', 'Make room on this disk; it is tried again by itself.'] as const;
const mountWritable = ['permission', 'Mount this file system writable again (dmesg says why it is not).'] as const;
const giveAccess = ['permission', 'Let the user that vaultvisor runs as read and write this path.'] as const;
const remedies: Partial<Record<string, readonly ['io' | 'permission', string]>> = {
  ENOSPC: makeRoom,
  EDQUOT: makeRoom,
  EACCES: giveAccess,
  EPERM: giveAccess,
  EROFS: mountWritable,
};
