import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sharedLocks } from '../../../layout.ts';
import { findUser } from '../../../users.ts';
import { givenTo, withFolders } from '../next-steps.ts';
import { makeUser } from '../users.ts';
import type { Instance } from './instance.ts';

interface Whole {
  /** The unit of all, and where it would lie. */
  readonly name: string;
  readonly path: string;
  readonly home: string;
}

/** The commands that are still to be given, in their order, as lines to copy, and the way back. */
export async function splitSteps(instances: readonly Instance[], whole: Whole): Promise<readonly string[]> {
  const runsAll = existsSync(whole.path);
  const isMoved = instances.some(({ former }) => former !== null);
  const names = instances.map(({ name }) => name).join(' ');
  const commands = [
    ...(await users(instances, whole.home)),
    ...(await Promise.all(instances.map(secrets))).flat(),
    ...locks(instances),
    ...(runsAll ? [`systemctl disable --now ${whole.name}`] : []),
    ...(isMoved && !runsAll ? ['# stop the vaultvisor that runs them today, and wait until it has ended'] : []),
    ...instances.flatMap(homeOf),
    'systemctl daemon-reload',
    `systemctl enable --now ${names}`,
    ...instances.map(({ file }) => `vaultvisor status --config ${file}`),
  ];
  const back = `To go back: systemctl disable --now ${names} && systemctl enable --now ${whole.name}`;
  return ['Now:', ...commands.map((command) => `  ${command}`), ...(runsAll ? [back] : [])];
}

async function users(instances: readonly Instance[], home: string): Promise<readonly string[]> {
  const all = [...new Set(instances.map(({ facts: { user } }) => user))].filter((user) => user !== 'root');
  const steps = all.map(async (user): Promise<readonly string[]> => {
    if ((await findUser(user)) !== null) return [];
    const own = instances.filter(({ facts }) => facts.user === user);
    const files = own.map(({ file }) => file).join(' ');
    return [makeUser(user, own.length === 1 ? (own[0]?.facts.home ?? home) : home), `chown ${user} ${files}`];
  });
  return (await Promise.all(steps)).flat();
}

const secrets = async ({ facts: { user, secrets: files } }: Instance): Promise<readonly string[]> =>
  givenTo(withFolders(files), (await findUser(user))?.uid ?? null, user);

/** Whoever starts first makes the folder of the locks, so it must be one in which each of them may. */
function locks(instances: readonly Instance[]): readonly string[] {
  const folder = instances[0]?.facts.lockDir ?? sharedLocks;
  if (new Set(instances.map(({ facts: { user } }) => user)).size === 1) return [];
  if (folder !== sharedLocks) return isForAll(folder) ? [] : [`install -d -m 1777 ${folder}`];
  if (isForAll(dirname(sharedLocks))) return [];
  return [
    `echo 'd ${folder} 1777 root root' > /etc/tmpfiles.d/vaultvisor.conf`,
    'systemd-tmpfiles --create vaultvisor.conf',
  ];
}

function isForAll(folder: string): boolean {
  return ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0;
}

/** systemd makes a home below /var/lib. State that is there is copied, with all but the data, which stay. */
function homeOf({ network, client, former, facts: { home, user } }: Instance): readonly string[] {
  if (former === null)
    return home.startsWith('/var/lib/') || existsSync(home) ? [] : [`install -d -o ${user} -m 0700 ${home}`];
  const from = join(former, '../..');
  const to = join(home, 'instances');
  const genesis = existsSync(join(from, network, '.genesis')) ? [`${network}/.genesis`] : [];
  return [
    `install -d -m 0700 ${home} ${to}`,
    `tar -C ${from} --anchored --exclude=${network}/${client}/data -c ${[...genesis, `${network}/${client}`].join(' ')} | tar -C ${to} -x`,
    `chown -R ${user}: ${home}`,
  ];
}
