import { VisorError } from '../../errors.ts';
import { findGroup } from '../../users.ts';

/** The number of a group. @throws VisorError `config` where there is none, `network` where nobody answers */
export async function groupId(group: string): Promise<number> {
  if (/^\d+$/.test(group)) return Number(group);
  const found = await findGroup(group);
  if (found !== null) return found;
  throw new VisorError('config', `There is no group ${group} on this machine`, `Make it: groupadd --system ${group}`);
}
