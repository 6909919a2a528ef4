import { stat } from 'node:fs/promises';
import { keptClient } from '../../config/accepted-record.ts';
import { groupId } from '../../daemon/control/group-id.ts';
import { haveOwnUsers } from '../../daemon/home-way.ts';
import { systemCode } from '../../errors.ts';
import { homeMode } from '../../home-mode.ts';
import { check, skipped, verdict } from '../check.ts';
import { octal } from '../mend.ts';
import type { Patient } from '../patient.ts';

/** Who may write to the home may have any program run; who may read it sees arguments and states. */
export const home = check(
  'home-mode',
  async (patient: Patient) => {
    const path = patient.home?.root ?? null;
    const mode = path === null ? null : await modeOf(path);
    return path === null || mode === null ? null : { path, mode, wanted: await wantedFor(path, patient) };
  },
  (seen) => {
    if (seen === null) return skipped('There is no home yet: it is made with mode 0700.');
    const { path, mode, wanted } = seen;
    // who may only go through (0711 for a client's own user, 0710 for control.group) sees nothing
    const isOpen = (mode & 0o066) !== 0;
    const complaint = {
      severity: (mode & 0o022) === 0 ? 'warning' : 'error',
      about: null,
      sentence: `The home, ${path}, has mode ${octal(mode)}: others may ${(mode & 0o022) === 0 ? 'read it' : 'write to it, and so have any program run'}.`,
      fix: `chmod ${octal(mode & wanted)} ${path}`,
      mends: [{ act: 'chmod', path, mode: mode & wanted }],
    } as const;
    return verdict(isOpen ? [complaint] : [], 'The home is nobody else’s business.');
  },
);

/** What the args file needs, clients that it dropped and that run on included. */
async function wantedFor(path: string, { config, accepted }: Patient): Promise<number> {
  const named = config?.networks.flatMap(({ clients }) => clients) ?? [];
  const kept = Object.entries(accepted?.kept ?? {}).flatMap(([place, text]) => keptClient(text, place)?.client ?? []);
  const users = await haveOwnUsers([...named, ...kept].map(({ settings }) => settings));
  const gid = await groupId(config?.control.group ?? '').catch(() => null);
  // of another group yet: the daemon gives it to the right one; till then its members are others
  const isItsGroup = gid === (await stat(path)).gid;
  return homeMode({ users: users || (gid !== null && !isItsGroup), group: gid !== null });
}

/** `null`: it is not there. */
export async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode & 0o7777;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    throw error;
  }
}
