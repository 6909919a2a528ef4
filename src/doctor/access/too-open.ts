import type { Complaint } from '../check.ts';
import { octal } from '../mend.ts';

/** What nobody but the owner and at most a group may read, and nobody but the owner write. */
const OTHERS = 0o027;

/**
 * Whether somebody may read or change a file who should not.
 * @param what the file is, at the beginning of a sentence
 * @param ifRead what it means that every user may read it, behind those words
 */
export function tooOpen(
  what: string,
  { client, path, mode }: { readonly client: string; readonly path: string; readonly mode: number },
  ifRead = '',
): readonly Complaint[] {
  if ((mode & OTHERS) === 0) return [];
  const narrow = mode & ~OTHERS;
  const who = (mode & 0o005) === 0 ? 'others may change it' : `every user of this machine may read it${ifRead}`;
  const sentence = `${what} ${path} has mode ${octal(mode)}: ${who}.`;
  const mends = [{ act: 'chmod', path, mode: narrow }] as const;
  return [{ severity: 'error', about: client, sentence, fix: `chmod ${octal(narrow)} ${path}`, mends }];
}
