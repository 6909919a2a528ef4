import type { DataConfig } from '../../config/settings.ts';
import { born } from '../../core/born.ts';
import type { Instance } from '../../core/instance.ts';
import { namedBackups } from '../../daemon/data/sweep.ts';
import { type Found, listBackups, removeBackup, superfluous } from '../../data/kept.ts';
import { verify as compare, isSealed } from '../../data/verify.ts';
import { exitStatuses, VisorError } from '../../errors.ts';
import { loadState } from '../../store/state-record.ts';
import type { Context } from '../context.ts';
import { clientsOnDisk, type Known } from '../disk/in-force.ts';
import { type Located, locate } from '../home.ts';
import { matching, nameOf, type Placed } from '../pick.ts';
import { type BackupLine, backupLine, type VerifiedBackup, verifiedLine } from '../print/backups.ts';
import { ofPlace, orAsReader } from '../reader.ts';

/** A client that has its data named, and what lies of them. */
interface Kept {
  readonly known: Known;
  readonly data: DataConfig;
  readonly found: readonly Found[];
  /** Read after the folder: what is begun meanwhile is named by then. */
  readonly instance: Instance;
}

/** From disk: no daemon need run, but for members of `control.group`. */
export async function list([place]: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const { lines, clients } = await orAsReader(
    context,
    () => listed(place, context),
    ({ ask }) => ask<Listed>(`/v1/backups${ofPlace(place)}`),
  );
  if (json) context.json(lines, 2);
  else if (lines.length > 0) context.say(lines.map((line) => backupLine(line, Date.now())).join('\n'));
  else context.remark(clients > 0 ? 'There is no backup here.' : 'No client here names its data (data.dir).');
  return 0;
}

interface Listed {
  readonly lines: readonly BackupLine[];
  /** How many clients name their data. */
  readonly clients: number;
}

export async function listed(place: string | undefined, context: Pick<Context, 'file'>): Promise<Listed> {
  const all = await keptAt(place, context);
  return { lines: all.flatMap((kept) => kept.found.map((one) => lineOf(one, kept))), clients: all.length };
}

/** @throws VisorError `io` (74) where one is damaged, after all were looked at; with `json` that is the status alone */
export async function verify([place]: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const verified: VerifiedBackup[] = [];
  for (const { known, found } of await keptAt(place, context))
    for (const one of found) {
      if (one.backup === null && one.trouble === null) continue;
      const told = await verifiedOf(one, known);
      verified.push(told);
      if (!json) context.say(verifiedLine(told));
    }
  if (!json && verified.length === 0) context.remark('There is no backup here.');
  const damaged = verified.filter(({ state }) => state === 'damaged').map(({ update }) => update);
  if (json) context.json({ ok: damaged.length === 0, backups: verified });
  if (damaged.length === 0 || json) return damaged.length === 0 ? 0 : exitStatuses.io;
  throw new VisorError(
    'io',
    damaged.length === 1 ? `The backup ${damaged[0]} is damaged` : `${damaged.length} backups are damaged`,
    'Look at the disk (dmesg). What is damaged is never put back by vaultvisor.',
  );
}

async function verifiedOf({ update, backup, trouble }: Found, { network, client }: Placed): Promise<VerifiedBackup> {
  const wrong = backup === null ? [trouble ?? ''] : await compare(backup, new AbortController().signal);
  const sound = backup !== null && isSealed(backup) ? 'sound' : 'unhashed';
  return { network, client, update, state: wrong.length > 0 ? 'damaged' : sound, wrong };
}

export async function prune([place]: string[], _options: object, context: Context): Promise<number> {
  let count = 0;
  for (const { known, data, found, instance } of await keptAt(place, context))
    for (const { folder, update } of superfluous(found, namedBackups(instance), data.keep)) {
      await removeBackup(folder);
      context.say(`${nameOf(known)} ${update} is removed.`);
      count += 1;
    }
  if (count === 0) context.remark('Nothing was removed: each is still needed, or among the newest (data.keep).');
  return 0;
}

async function keptAt(place: string | undefined, context: Pick<Context, 'file'>): Promise<readonly Kept[]> {
  const located = await locate(context);
  const clients = matching(await clientsOnDisk(located), place);
  const all = await Promise.all(clients.map((known) => keptOf(known, located)));
  return all.flatMap((kept) => kept ?? []);
}

async function keptOf(known: Known, { home }: Located): Promise<Kept | null> {
  const { data } = known.config;
  if (data === null) return null;
  const found = await listBackups(data.backups);
  const loaded = await loadState(home.instance(known.network, known.client));
  const instance = loaded.found === 'state' ? loaded.instance : born(known.config.settings, null);
  return { known, data, found, instance };
}

function lineOf({ update, folder, backup, trouble }: Found, { known, instance }: Kept): BackupLine {
  const { network, client } = known;
  const needed = namedBackups(instance).has(update);
  const place = { network, client, update, folder, needed };
  if (backup === null) return { ...place, state: trouble === null ? 'incomplete' : 'unreadable', made: null };
  const { dir, from, to, madeAt, bytes, isShared, usedAt } = backup.marker;
  const made = { dir, from, to, at: new Date(madeAt).toISOString(), bytes, shared: isShared, hashed: isSealed(backup) };
  return { ...place, state: usedAt === null ? 'complete' : 'used', made };
}
