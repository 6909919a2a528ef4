import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listBackups } from '../../../src/data/kept.ts';
import { asideOf, comingOf } from '../../../src/data/put-back.ts';
import { verify } from '../../../src/data/verify.ts';
import type { InstanceFolder } from '../../../src/layout.ts';
import type { Stage } from '../stage.ts';

/** What must be true of data and backups at every moment: whatever says that it is complete is, and the data are somewhere. */
export async function wrongData({ data, folder }: Stage): Promise<readonly string[]> {
  const wrong = [...data.found()];
  const isBetween = existsSync(asideOf(data.dir)) && existsSync(comingOf(data.dir));
  if (!existsSync(data.dir) && !isBetween) wrong.push('the data are nowhere');
  for (const { update, backup, trouble } of await listBackups(folder.backups)) {
    if (trouble !== null) wrong.push(trouble);
    if (backup === null) continue;
    const words = await verify(backup, new AbortController().signal).catch((error: unknown) => [String(error)]);
    // what the sweep takes away while we look is gone
    const isThere = existsSync(join(folder.backups, update, 'backup.json'));
    if (words.length > 0 && isThere) wrong.push(`the backup ${update} is not what it says: ${words.join(', ')}`);
  }
  return wrong;
}

/** What must be true of the data once the story has come to its right end. */
export function wrongForm({ data }: Stage): readonly string[] {
  const table = readFileSync(join(data.dir, 'tables', 'one'), 'utf8');
  const names = readdirSync(data.dir, { recursive: true, encoding: 'utf8' }).sort().join();
  const beside = readdirSync(dirname(data.dir)).filter((name) => name.startsWith(`${basename(data.dir)}.`));
  return [
    ...(table === `${data.form()} ${'payment '.repeat(20_000)}`
      ? []
      : [`the data are ${table.slice(0, 9)}, not ${data.form()}`]),
    ...(names === 'CURRENT,tables,tables/one' ? [] : [`the data hold ${names}`]),
    ...beside.map((name) => `${name} lies beside the data`),
  ];
}

/** Backups that were never completed. */
export const halfBackups = ({ backups }: InstanceFolder): readonly string[] =>
  existsSync(backups) ? readdirSync(backups).filter((update) => !existsSync(join(backups, update, 'backup.json'))) : [];
