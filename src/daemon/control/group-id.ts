import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { VisorError } from '../../errors.ts';

/** The number of a group: of `/etc/group`, else of whatever the machine asks for names (LDAP, by `getent`). @throws VisorError `config` */
export async function groupId(group: string): Promise<number> {
  if (/^\d+$/.test(group)) return Number(group);
  const local = await readFile('/etc/group', 'utf8').catch(() => '');
  const found = numberIn(local, group) ?? numberIn(await asked(group), group);
  if (found !== null) return found;
  throw new VisorError('config', `There is no group ${group} on this machine`, `Make it: groupadd --system ${group}`);
}

/** A line is `name:password:number:members` (group(5)). */
function numberIn(text: string, group: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${group}:`));
  const number = line?.split(':')[2];
  return number !== undefined && /^\d+$/.test(number) ? Number(number) : null;
}

const asked = (group: string): Promise<string> =>
  promisify(execFile)('getent', ['group', group], { timeout: 5_000 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
