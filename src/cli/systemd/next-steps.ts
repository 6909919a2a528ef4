import { stat } from 'node:fs/promises';
import type { UnitFacts } from '../../systemd/unit/facts.ts';
import { findUser } from '../../users.ts';
import { makeUser } from './users.ts';

/** The commands that are still to be given, in their order, as lines to copy. */
export async function nextSteps({ user, home, config }: UnitFacts, name: string): Promise<readonly string[]> {
  const owner = await findUser(user);
  const isMissing = user !== 'root' && owner === null;
  const isOutside = !home.startsWith('/var/lib/') && (await stat(home).catch(() => null)) === null;
  const commands = [
    ...(isMissing ? [makeUser(user, home)] : []),
    ...(isOutside ? [`install -d -o ${user} -m 0700 ${home}`] : []),
    ...((await isHidden(config, owner?.uid ?? null, user)) ? [`chown ${user} ${config}`] : []),
    'systemctl daemon-reload',
    `systemctl enable --now ${name}`,
    `systemctl status ${name}`,
  ];
  return ['Now:', ...commands.map((command) => `  ${command}`)];
}

/** Whether an args file is for its owner alone, who is another: `init` and `import` write it so, since it may hold secrets. */
async function isHidden(config: string, uid: number | null, user: string): Promise<boolean> {
  const found = await stat(config).catch(() => null);
  return user !== 'root' && found !== null && found.uid !== uid && (found.mode & 0o044) === 0;
}
