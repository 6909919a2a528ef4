import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../errors.ts';
import type { Home } from '../../layout.ts';
import { check, skipped, verdict } from '../check.ts';
import { daemonUser, ownUser } from '../who.ts';

/** Some are named, the rest counted. */
const SHOWN = 3;

/** A command that was once said as root leaves files that the daemon can never replace. */
export const owner = check(
  'home-owner',
  async ({ home, clients }) => {
    const uid = await daemonUser({ home });
    return home === null || uid === null
      ? null
      : {
          root: home.root,
          uid,
          foreign: await foreignIn(home, new Set([uid, ...(await Promise.all(clients.map(ownUser)))])),
        };
  },
  (seen) => {
    if (seen === null) return skipped('There is no home yet.');
    const { root, uid, foreign } = seen;
    const named = foreign.slice(0, SHOWN).join(', ');
    const more = foreign.length > SHOWN ? ` and ${foreign.length - SHOWN} more` : '';
    const complaint = {
      severity: 'error',
      about: null,
      sentence: `What lies in the home is not all of its owner (uid ${uid}): ${named}${more}.`,
      fix: `chown -R ${uid} ${root}, with the daemon stopped. Say commands as that user, or as root while the daemon runs.`,
    } as const;
    return verdict(foreign.length > 0 ? [complaint] : [], 'All that vaultvisor keeps is of one user.');
  },
);

/** What the daemon writes: not what clients and their backups keep, nor what other checks are trying. */
async function foreignIn(home: Home, known: ReadonlySet<number | null>): Promise<readonly string[]> {
  const { store, instances } = home;
  const networks = await folders(instances);
  const clients = (await Promise.all(networks.map(folders))).flat();
  const inside = await Promise.all(
    [home.root, store.partial, store.verified, store.staged, ...networks, ...clients].map(entries),
  );
  const paths = [...new Set(inside.flat())].filter((path) => !/\/(data|backups|\.doctor[^/]*)$/.test(path));
  const owners = await Promise.all(
    paths.map(async (path) => ({ path, uid: await lstat(path).then((stats) => stats.uid, unlessGone) })),
  );
  // the socket is of whoever runs the daemon, and root may run it
  return owners.flatMap((one) =>
    one.uid === null || known.has(one.uid) || one.path === home.controlSocket ? [] : [one.path],
  );
}

async function entries(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (error) {
    return unlessGone(error) ?? [];
  }
}

async function folders(folder: string): Promise<readonly string[]> {
  const all = await entries(folder);
  const stats = await Promise.all(all.map(async (path) => lstat(path).catch(unlessGone)));
  return all.filter((_, index) => stats[index]?.isDirectory());
}

/** A daemon may be at work. */
function unlessGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
  throw error;
}
