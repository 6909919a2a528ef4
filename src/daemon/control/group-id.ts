import { VisorError } from '../../errors.ts';
import { findGroup } from '../../users.ts';

/** The number of a group, whoever knows it; a number need be known to nobody. @throws VisorError `config`, `network` as findGroup does */
export async function groupId(group: string): Promise<number> {
  const found = /^\d+$/.test(group) ? Number(group) : await findGroup(group);
  if (found !== null) return found;
  throw new VisorError('config', `There is no group ${group} on this machine`, `Make it: groupadd --system ${group}`);
}
