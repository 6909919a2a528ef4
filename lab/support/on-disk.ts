import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readAccepted } from '../../src/config/accepted-record.ts';
import { occupant } from '../../src/core/occupancy.ts';
import { sentenceOf } from '../../src/errors.ts';
import { openLaid } from '../../src/install/laid.ts';
import { homeAt } from '../../src/layout.ts';
import { loadState } from '../../src/store/state-record.ts';

/** What the daemon told before the power was cut, and must therefore be found. */
export interface Told {
  /** Checksums. */
  readonly committed: readonly string[];
  readonly quarantined: readonly string[];
  readonly held: boolean;
}

/** What is wrong with a home as it lies on disk, before anybody has started a daemon over it. */
export async function wrongOnDisk(root: string, place: string, told: Told): Promise<readonly string[]> {
  const home = homeAt(root);
  const wrong: string[] = [];
  await readAccepted(home.accepted).catch((error: unknown) => wrong.push(sentenceOf(error)));
  try {
    wrong.push(...wrongBlobs(home.store.verified));
    wrong.push(...(await wrongState(root, place, told)));
  } catch (error) {
    wrong.push(sentenceOf(error));
  }
  return wrong;
}

function wrongBlobs(folder: string): readonly string[] {
  return namesIn(folder).flatMap((name) => {
    const found = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    const mode = statSync(join(folder, name)).mode & 0o777;
    return [
      ...(found === name ? [] : [`the blob ${name} has the checksum ${found}`]),
      ...(mode === 0o555 ? [] : [`the blob ${name} has the mode ${mode.toString(8)}`]),
    ];
  });
}

/** The value is one that was saved, not older than what was told; what it names lies there whole. */
async function wrongState(root: string, place: string, told: Told): Promise<readonly string[]> {
  const folder = homeAt(root).instance(...(place.split('/') as [string, string]));
  const loaded = await loadState(folder);
  const { proven = {}, bars = [], said, slot, next = null } = loaded.found === 'state' ? loaded.instance : {};
  const barred = bars.flatMap((bar) => (bar.by === 'failure' ? [bar.of.release.checksum] : []));
  const wrong = [
    ...told.committed.filter((one) => !(one in proven)).map((one) => `${one} was told to be committed, and is not`),
    ...told.quarantined
      .filter((one) => !barred.includes(one))
      .map((one) => `${one} was told to be quarantined, and is not`),
    ...(told.held && !said?.held ? ['a person was told that it is held, and it is not'] : []),
  ];
  const laid = [slot ? occupant(slot) : null, next?.at === 'staged' ? next.deployment : null];
  for (const deployment of laid) {
    if (deployment === null || (await openLaid(folder, deployment, new AbortController().signal))) continue;
    wrong.push(`the state counts on the deployment ${deployment.id}, which does not lie there whole`);
  }
  if (namesIn(folder.root).includes('current') && !isThere(folder.current))
    wrong.push(`current leads nowhere (${readlinkSync(folder.current)})`);
  return wrong;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
