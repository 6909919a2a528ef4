import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PersonEvent } from '../../core/events.ts';
import type { Instance, UpdateId } from '../../core/instance.ts';
import { transition } from '../../core/transition.ts';
import { backupOf, requireRestorable, returned, returning } from '../../daemon/data/by-hand.ts';
import { policyOf } from '../../daemon/instance/policy.ts';
import { isUpdateId } from '../../data/kept.ts';
import { VisorError } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import { readRecord } from '../../process/child-record.ts';
import { releaseAll, takeAll } from '../../process/locks/take-all.ts';
import { takeSupervisorLock } from '../../process/supervisor-lock.ts';
import { loadState, saveState } from '../../store/state-record.ts';
import { ask } from '../client.ts';
import type { Context } from '../context.ts';
import { clientsOnDisk, type Known } from '../disk/in-force.ts';
import { type Located, locate } from '../home.ts';
import { nameOf, theOne } from '../pick.ts';
import { withProgress } from '../progress.ts';

/** Puts the data back as they were before an update: by the daemon, or here where none runs. */
export async function restore(words: string[], _options: object, context: Context): Promise<number> {
  const { place, update } = placeAndUpdate(words);
  const located = await locate(context);
  const known = theOne(await clientsOnDisk(located), place);
  const { network, client } = known;
  const body = { network, client, update };
  await withProgress('the data to be put back', async () => {
    const answer = await ask<object>(located.home, { method: 'POST', path: '/v1/restore', body });
    if (answer === null) await restoreHere(update, known, located);
  });
  context.say(`${nameOf(known)}: the data are those of before ${update}. It stays stopped, until start.`);
  return 0;
}

/** Under the lock of the home: no daemon begins meanwhile. The client is stopped by this, as by `stop`. */
async function restoreHere(update: UpdateId, { network, client, config }: Known, { home }: Located): Promise<void> {
  const lock = await takeSupervisorLock(home.supervisorLock);
  try {
    const folder = home.instance(network, client);
    const loaded = await loadState(folder);
    if (loaded.found === 'none')
      throw new VisorError('usage', 'Nothing is known of this client yet', 'Look at status.');
    if (config.data === null)
      throw new VisorError('config', 'The args file does not say where its data lie', 'Set data.dir.');
    const next = (i: Instance, event: PersonEvent) =>
      transition(i, event, policyOf(config), { now: Date.now(), chance: 0 });
    const stopped = next(loaded.instance, { type: 'stopped' });
    requireRestorable(update, stopped);
    const backup = await backupOf(update, config.data.backups);
    await whileDown(folder, async () => {
      await saveState(folder, stopped);
      await returning(update, backup, folder.moves, new AbortController().signal);
      await saveState(folder, next(stopped, { type: 'dataRestored', update }));
      await returned(update, folder.moves);
    });
  } finally {
    lock.release();
  }
}

/** With the locks of its last child in hand. @throws VisorError `busy` where something of it still runs */
async function whileDown(folder: InstanceFolder, act: () => Promise<void>): Promise<void> {
  const record = readRecord(folder.childRecord);
  const taken = await takeAll(
    (record?.locks ?? []).filter((path) => existsSync(dirname(path))),
    record?.identity ?? '',
  );
  if (!taken.all)
    throw new VisorError(
      'busy',
      `A process of this client still runs: ${taken.refused.join(', ')} is held`,
      'Start the daemon, which ends or adopts it, and say vaultvisor stop.',
    );
  try {
    await act();
  } finally {
    releaseAll(taken.locks);
  }
}

function placeAndUpdate(words: readonly string[]): { place: string | undefined; update: UpdateId } {
  const update = words.at(-1) ?? '';
  const [place, stray] = words.slice(0, -1);
  if (isUpdateId(update) && stray === undefined) return { place, update };
  throw new VisorError(
    'usage',
    isUpdateId(update) ? `${stray} is not understood` : `${update} names no update`,
    'Say backups restore [NETWORK[/CLIENT]] UPDATE, as vaultvisor backups list names it.',
  );
}
