import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf, systemCode, VisorError } from '../../errors.ts';
import { leftoversIn } from '../../store/atomic-write.ts';
import { loadState } from '../../store/state-record.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient } from '../patient.ts';
import { mayActAs } from '../who.ts';

/** A state that is damaged is left as it is, and its client stays down until a person looks. */
export const stateReadable = check(
  'state-readable',
  async (patient) => {
    const { home, clients } = patient;
    if (home === null || !(await mayActAs(patient))) return null;
    return Promise.all(
      clients.map(async (client) => ({
        name: nameOf(client),
        wrong: await wrongWith(() => loadState(home.instance(client.network, client.client))),
      })),
    );
  },
  (seen) => {
    if (seen === null) return skipped('Only root and the user of the daemon can read it.');
    return verdict(
      seen.flatMap(({ name, wrong }): Complaint[] =>
        wrong === null ? [] : [{ severity: 'error', about: name, sentence: `${wrong.words}.`, fix: wrong.next }],
      ),
      'Every state can be read.',
    );
  },
);

async function wrongWith(act: () => Promise<unknown>): Promise<{ words: string; next: string } | null> {
  try {
    await act();
    return null;
  } catch (error) {
    const next = error instanceof VisorError ? error.next : 'Look at the disk (dmesg | tail).';
    return { words: sentenceOf(error), next };
  }
}

/** What writers that died have left: of no use, and in nobody's way. */
export const leftovers = check(
  'leftovers',
  async (patient) => {
    const { home } = patient;
    if (home === null || !(await mayActAs(patient))) return null;
    const folders = [
      home.root,
      home.store.partial,
      home.store.verified,
      home.store.staged,
      ...(await clientFolders(patient)),
    ];
    const all = (await Promise.all(folders.map(leftoversIn))).flat();
    const old = await Promise.all(all.map(isOld));
    return all.filter((_, index) => old[index]);
  },
  (seen) => {
    if (seen === null) return skipped('Only root and the user of the daemon can read the home.');
    const [first] = seen;
    if (first === undefined) return verdict([], 'Nothing is left over.');
    const sentence = `${seen.length} unfinished ${seen.length === 1 ? 'file' : 'files'} of writers that died ${seen.length === 1 ? 'lies' : 'lie'} in the home, such as ${first}.`;
    const mends = seen.map((path) => ({ act: 'remove', path }) as const);
    return verdict(
      [{ severity: 'note', about: null, sentence, fix: 'vaultvisor doctor --fix removes them.', mends }],
      '',
    );
  },
);

/** A daemon in a container has pids of its own, and may be writing it just now. */
async function isOld(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > 60_000,
    () => false,
  );
}

async function clientFolders({ home }: Patient): Promise<readonly string[]> {
  if (home === null) return [];
  const networks = await foldersIn(home.instances);
  return [...networks, ...(await Promise.all(networks.map(foldersIn))).flat()];
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const paths = (await readdir(folder)).map((name) => join(folder, name));
    const isFolder = await Promise.all(paths.map(async (path) => (await stat(path)).isDirectory()));
    return paths.filter((_, index) => isFolder[index]);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw error;
  }
}
