import { check, skipped, verdict } from '../check.ts';
import { mountOf } from '../disk/mounts.ts';

/** A file that is mounted by itself stays the one that it was when an editor puts another in its place (docs/hosts.md, "Docker"). */
export const mounted = check(
  'args-mounted',
  async ({ file, text }) => (text === null ? null : { file, at: (await mountOf(file)).at }),
  (seen) => {
    if (seen === null) return skipped('There is no args file.');
    const complaint = {
      severity: 'warning',
      about: null,
      sentence: `${seen.file} is a mount of its own: an edit on the host is not seen here.`,
      fix: 'Mount the folder that it is in, not the file (in Kubernetes: without subPath).',
    } as const;
    return verdict(seen.at === seen.file ? [complaint] : [], 'Edits of the args file are seen.');
  },
);
