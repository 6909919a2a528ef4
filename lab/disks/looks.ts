import { homeAt } from '../../src/layout.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { loadState } from '../../src/store/state-record.ts';
import { act } from '../support/ask.ts';
import type { Daemon } from '../support/daemon.ts';
import { textAt } from '../support/journal.ts';
import { patiently } from '../support/patiently.ts';
import type { Scene } from '../support/scene.ts';
import { isCommitted, type Wanted } from '../support/story.ts';
import { type Kind, words } from './trouble.ts';

/** How long what is told or set right beside the client's own work may take (ms). */
export const SOON = 10_000;

/** Whether the disk says that a person holds it. */
export async function isHeld(scene: Scene, place: string): Promise<boolean> {
  const loaded = await loadState(folderOf(scene, place));
  return loaded.found === 'state' && loaded.instance.said.held !== null;
}

/** Where to look for what the daemon says of a disk that refuses. */
export interface Telling {
  readonly scene: Scene;
  readonly place: string;
  readonly log: string;
  readonly kind: Kind;
  /** Where in its log the trouble began. */
  readonly since: number;
}

/** A state that cannot be saved is told, in the daemon's log and to who asks for the status, with the disk's own reason. */
export async function untold(daemon: Daemon, telling: Telling): Promise<readonly string[]> {
  let wrong: readonly string[] = [];
  await patiently(SOON, async () => {
    wrong = daemon.hasEnded() ? [`the daemon has ended (${await daemon.ended})`] : await untoldNow(telling);
    return wrong.length === 0;
  });
  return wrong;
}

async function untoldNow({ scene, place, log, kind, since }: Telling): Promise<readonly string[]> {
  const told = textAt(log).slice(since);
  const failed = told.lastIndexOf('the state cannot be saved');
  if (failed === -1 || told.indexOf('the state can be saved again', failed) !== -1) return [];
  const status = await scene.status(place);
  if (status === undefined)
    return told.includes('the commands cannot be served') ? [] : ['the daemon neither answers nor says why'];
  const isTold = status.blocked !== null && words[kind].test(status.blocked);
  return isTold ? [] : [`the status does not say what is wrong: ${status.blocked}`];
}

/** When a person last had to help. */
let helped = Number.NEGATIVE_INFINITY;

/** Whether it has come to its right end, with what a person has to do where nobody could hear the client. */
export async function isAtEnd(scene: Scene, place: string, end: Wanted, wanted: Wanted): Promise<boolean> {
  const loaded = await loadState(folderOf(scene, place));
  if (loaded.found === 'none') return false;
  const status = await scene.status(place);
  // what a client says but once, and its log had no room for, nobody has heard: that its probe asks for is then a person's to mend
  if (end === wanted && status?.quarantined.some(({ checksum }) => checksum === end.built.checksum))
    await act(scene.home, place, { act: 'retry', checksum: null });
  const isUnheard = status?.verdict === 'unhealthy' && status.reason?.includes('the log never said') === true;
  if (isUnheard && performance.now() > helped + SOON) {
    helped = performance.now();
    await act(scene.home, place, { act: 'restart' });
  }
  if (!isCommitted(loaded.instance, end)) return false;
  return status?.verdict === 'healthy' && status.child?.checksum === end.built.checksum && status.next === null;
}

/** The clients that live now. */
export function alive(scene: Scene, place: string): readonly number[] {
  const started = scene.journal(place).flatMap(({ what, pid }) => (what === 'start' ? [pid] : []));
  return [...new Set(started)].filter(
    (pid) => textAt(`/proc/${pid}/cmdline`).includes(scene.folder) && processAt(pid) !== null,
  );
}

function folderOf(scene: Scene, place: string) {
  const [network, client] = place.split('/') as [string, string];
  return homeAt(scene.home).instance(network, client);
}

/** No disk is a reason for a fault of ours. */
export const bugs = (log: string): readonly string[] =>
  textAt(log)
    .split('\n')
    .filter((line) => line.includes('please report'));
