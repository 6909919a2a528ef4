import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { UnitFacts } from '../../systemd/unit/facts.ts';
import { findUser } from '../../users.ts';
import { makeUser } from './users.ts';

/**
 * The commands that are still to be given, in their order, as lines to copy.
 * @param keys key files that nobody else uses yet, to be given to the user of the unit
 */
export async function nextSteps(
  { user, home, config, secrets }: UnitFacts,
  name: string,
  keys: readonly string[] = [],
): Promise<readonly string[]> {
  const owner = await findUser(user);
  const isMissing = user !== 'root' && owner === null;
  const isOutside = !home.startsWith('/var/lib/') && (await stat(home).catch(() => null)) === null;
  const commands = [
    ...(isMissing ? [makeUser(user, home)] : []),
    ...(isOutside ? [`install -d -o ${user} -m 0700 ${home}`] : []),
    ...(await givenTo([config, ...withFolders(secrets), ...keys], owner?.uid ?? null, user)),
    'systemctl daemon-reload',
    `systemctl enable --now ${name}`,
    `systemctl status ${name}`,
  ];
  return ['Now:', ...commands.map((command) => `  ${command}`)];
}

/** What lets a user read files that are for their owner alone, who is another: `init` and `import` write them so, and folders for secrets. */
export async function givenTo(paths: readonly string[], uid: number | null, user: string): Promise<readonly string[]> {
  const hidden = await Promise.all(paths.map((path) => isHidden(path, uid, user)));
  const closed = paths.filter((_, at) => hidden[at]);
  return closed.length === 0 ? [] : [`chown ${user} ${closed.join(' ')}`];
}

/** The folders around them are closed too. */
export const withFolders = (files: readonly string[]): readonly string[] => [
  ...new Set(files.flatMap((file) => [dirname(file), file])),
];

async function isHidden(path: string, uid: number | null, user: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  const others = found?.isDirectory() === true ? 0o011 : 0o044;
  return user !== 'root' && found !== null && found.uid !== uid && (found.mode & others) === 0;
}
