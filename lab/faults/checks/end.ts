import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStatus } from '../../../src/core/instance-status.ts';
import { homeAt } from '../../../src/layout.ts';
import { ran } from '../../support/journal.ts';
import { type Life, PLACE, type Stage } from '../stage.ts';
import { halfBackups, wrongForm } from './data.ts';
import { children, stateOf, wrongLink, wrongOnDisk } from './disk.ts';

/** What must be true whenever somebody looks: by the clients' own words nothing ran twice, and nothing that was never named. */
export function wrongByTheClients(stage: Stage): readonly string[] {
  const known = new Set(stage.named.map(({ print }) => print));
  const strange = ran(stage.scene.journal(PLACE)).filter(({ print }) => !known.has(print));
  return [
    ...stage.scene.overlaps(),
    ...strange.map(({ release, print }) => `bytes ran that nobody named: ${release} ${print}`),
  ];
}

/** What must be true once the story has come to its right end. */
export async function wrongAtTheEnd(stage: Stage, status: InstanceStatus, life: Life): Promise<readonly string[]> {
  const { good, scene } = stage;
  const up = children(stage);
  const committed = (await scene.history(PLACE)).filter(
    (one) =>
      one.event === 'committed' &&
      one['checksum'] === good?.checksum &&
      one['deployment'] === status.current?.deployment,
  );
  return [
    ...wrongByTheClients(stage),
    ...(await wrongOnDisk(stage)),
    ...wrongLink(stage),
    ...wrongForm(stage),
    ...((await isSaved(stage, status)) ? [] : ['what the daemon says is not what it has saved']),
    ...(up.length === 1 ? [] : [`${up.length} children are up`]),
    ...(committed.length <= 1 ? [] : [`committed ${committed.length} times`]),
    ...(life.page.strangers() === 0 ? [] : ['LD_PRELOAD was handed on to a child']),
  ];
}

/** What needs no save for a while (a restart, a way back) is saved as soon as the disk takes it. */
async function isSaved(stage: Stage, { current }: InstanceStatus): Promise<boolean> {
  for (const end = performance.now() + 20_000; performance.now() < end; await sleep(50)) {
    const state = await stateOf(stage);
    if (state === null || typeof state === 'string' || state.slot.at !== 'running') continue;
    if (state.slot.deployment.id === current?.deployment) return true;
  }
  return false;
}

/** What a daemon said that none may say. */
export function wrongInTheLog(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => /this is a bug|nobody caught this|unhandled/i.test(line))
    .map((line) => `the log has: ${line.slice(0, 600)}`);
}

/** What lies about a second after the last commit, when all was swept: nothing that is half made. */
export function leftOver({ scene, folder }: Stage): readonly string[] {
  const { partial } = homeAt(scene.home).store;
  const below = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' });
  return [
    ...below(scene.home).filter((name) => /\.tmp$|\.proof-|\.next$/.test(name)),
    ...below(scene.locks).filter((name) => /\.tmp$|\.proof-/.test(name)),
    ...readdirSync(folder.deployments).filter((name) => name.startsWith('.')),
    ...readdirSync(partial),
    ...halfBackups(folder),
  ].map((name) => `left over: ${name}`);
}
