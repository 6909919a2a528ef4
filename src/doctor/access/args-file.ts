import { lstat } from 'node:fs/promises';
import { readDocument } from '../../config/document.ts';
import { redactValue } from '../../config/redact.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { octal } from '../mend.ts';

interface Seen {
  readonly path: string;
  readonly mode: number;
  readonly isLink: boolean;
  /** Something in it is hidden when it is shown. */
  readonly hasSecrets: boolean;
}

/** Who may write the args file says what runs. */
export const argsFile = check(
  'args-file-mode',
  async ({ file, text }): Promise<Seen | null> => {
    if (text === null) return null;
    const stats = await lstat(file);
    return { path: file, mode: stats.mode & 0o7777, isLink: stats.isSymbolicLink(), hasSecrets: hasSecrets(text) };
  },
  (seen) => {
    if (seen === null) return skipped('There is no args file.');
    // a ConfigMap is a folder of links
    if (seen.isLink) return skipped('The args file is a link: whoever made what it leads to guards it.');
    return verdict(complaintsOf(seen), 'Nobody else may write the args file, or read a secret in it.');
  },
);

function complaintsOf({ path, mode, hasSecrets: isSecret }: Seen): readonly Complaint[] {
  const isWritable = (mode & 0o022) !== 0;
  const isReadable = isSecret && (mode & 0o004) !== 0;
  if (!isWritable && !isReadable) return [];
  const narrow = mode & ~0o022 & (isSecret ? ~0o007 : ~0);
  const sentence = isWritable
    ? `Others may write the args file (mode ${octal(mode)}), and so have any program run.`
    : `The args file has secrets in it, and everybody may read it (mode ${octal(mode)}).`;
  const mends = [{ act: 'chmod', path, mode: narrow }] as const;
  return [
    { severity: isWritable ? 'error' : 'warning', about: null, sentence, fix: `chmod ${octal(narrow)} ${path}`, mends },
  ];
}

/** What `config show` would hide. */
function hasSecrets(text: string): boolean {
  const { value } = readDocument(text).document;
  return JSON.stringify(redactValue(value)) !== JSON.stringify(value);
}
