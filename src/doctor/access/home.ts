import { stat } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';
import { check, skipped, verdict } from '../check.ts';
import { octal } from '../mend.ts';
import type { Patient } from '../patient.ts';

/** Who may write to the home may have any program run; who may read it sees arguments and states. */
export const home = check(
  'home-mode',
  async (patient: Patient) => {
    const path = patient.home?.root ?? null;
    const mode = path === null ? null : await modeOf(path);
    return path === null || mode === null ? null : { path, mode };
  },
  (seen) => {
    if (seen === null) return skipped('There is no home yet: it is made with mode 0700.');
    const { path, mode } = seen;
    // who may only go through (0711 for a client's own user, 0710 for control.group) sees nothing
    const isOpen = (mode & 0o066) !== 0;
    const complaint = {
      severity: (mode & 0o022) === 0 ? 'warning' : 'error',
      about: null,
      sentence: `The home, ${path}, has mode ${octal(mode)}: others may ${(mode & 0o022) === 0 ? 'read it' : 'write to it, and so have any program run'}.`,
      fix: `chmod ${octal(mode & 0o711)} ${path}`,
      mends: [{ act: 'chmod', path, mode: mode & 0o711 }],
    } as const;
    return verdict(isOpen ? [complaint] : [], 'The home is nobody else’s business.');
  },
);

/** `null`: it is not there. */
export async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode & 0o7777;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    throw error;
  }
}
