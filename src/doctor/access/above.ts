import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Complaint, check, verdict } from '../check.ts';
import { nearest } from '../disk/places.ts';
import { octal } from '../mend.ts';
import type { Patient } from '../patient.ts';

interface Seen {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly below: string;
}

/** Who may rename a folder above the home or the args file may put another in its place. */
export const above = check(
  'folders-above',
  async ({ home, file, text }: Patient) => {
    const below = [...(home === null ? [] : [home.root]), ...(text === null ? [] : [file])];
    const all = below.flatMap((path) => ancestors(dirname(nearest(path))).map((folder) => ({ folder, path })));
    const each = [...new Map(all.map((one) => [one.folder, one])).values()];
    return Promise.all(
      each.map(async ({ folder, path }): Promise<Seen> => {
        const { mode, uid } = await stat(folder);
        return { path: folder, mode: mode & 0o7777, uid, below: path };
      }),
    );
  },
  (seen) =>
    verdict(
      seen.flatMap(({ path, mode, below }): Complaint[] => {
        const isOpen = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
        const narrow = mode & ~0o022;
        const sentence = `Others may write to ${path} (mode ${octal(mode)}), and so put something else in the place of ${below}.`;
        return isOpen
          ? [
              {
                severity: (mode & 0o002) === 0 ? 'warning' : 'error',
                about: null,
                sentence,
                fix: `chmod ${octal(narrow)} ${path}`,
              },
            ]
          : [];
      }),
      'Nobody else may move home or args file away.',
    ),
);

const ancestors = (path: string): readonly string[] =>
  path === dirname(path) ? [path] : [path, ...ancestors(dirname(path))];
