import type { Built } from '../support/client/client.ts';
import { type Line, overlapsIn, ran } from '../support/journal.ts';
import { wrongOnDisk } from '../support/on-disk.ts';
import { now, PLACE, type Stage } from './stage.ts';

/** What must hold when all is over: nobody met another, one process runs, it is the wanted release, and the disk says the same. */
export async function wrongEnd(stage: Stage, lines: readonly Line[], wanted: Built): Promise<readonly string[]> {
  const status = await stage.status();
  const current = stage.current();
  const told = { committed: [wanted.checksum], quarantined: [], held: false };
  const clients = stage.clients();
  const last = ran(stage.journal()).at(-1);
  return [
    ...overlapsIn(lines),
    ...unless(clients.length === 1, `${clients.length} clients run at the end`),
    ...unless(last?.print === wanted.print, `${last?.release} has other bytes than ${wanted.release}`),
    ...(await wrongOnDisk(stage.home, PLACE, told)),
    ...unless(
      current === status?.current?.deployment,
      `\`current\` leads to ${current}, which is not what is committed`,
    ),
  ];
}

/** Whether all that left meanwhile had a last word, as who is asked has. Counted, since a new namespace of processes gives the same pids again. */
export function asked(lines: readonly Line[]): readonly string[] {
  const begun = lines.filter(({ what }) => what === 'start').length;
  const left = lines.filter(({ what }) => what === 'stop').length;
  return unless(left >= begun, `${begun} clients gave way to another, and ${left} of them had been asked to leave`);
}

/** Another release, named and served. */
export async function fresh(stage: Stage): Promise<Built> {
  const built = stage.build();
  const since = now();
  await stage.name(built);
  await stage.serves(built, since);
  return built;
}

/** An update, then one to a release that crashes. @returns what is wrong once the former serves again */
export async function thereAndBack(stage: Stage): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const broken = stage.build('broken');
  await stage.name(broken);
  await stage.until(
    'it is quarantined',
    ({ quarantined, child, verdict }) =>
      quarantined.some(({ checksum }) => checksum === broken.checksum) &&
      child?.checksum === served.checksum &&
      verdict === 'healthy',
  );
  return wrongEnd(stage, stage.journal().slice(seen), served);
}

export const unless = (holds: boolean, words: string): readonly string[] => (holds ? [] : [words]);
