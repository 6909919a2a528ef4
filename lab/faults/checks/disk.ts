import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readAccepted } from '../../../src/config/accepted-record.ts';
import { deploymentOf } from '../../../src/core/deployment.ts';
import type { Instance } from '../../../src/core/instance.ts';
import { occupant } from '../../../src/core/occupancy.ts';
import { openLaid } from '../../../src/install/laid.ts';
import { homeAt, type InstanceFolder } from '../../../src/layout.ts';
import { readRecord } from '../../../src/process/child-record.ts';
import { loadState } from '../../../src/store/state-record.ts';
import type { Stage } from '../stage.ts';
import { wrongData } from './data.ts';

/** What must be true of the disk at every moment, whatever has died or fails: read with the product's own readers. */
export async function wrongOnDisk(stage: Stage): Promise<readonly string[]> {
  const state = await stateOf(stage);
  if (typeof state === 'string') return [state];
  return [
    ...(await wrongRecords(stage)),
    ...wrongStore(stage),
    ...(await wrongDeployments(stage)),
    ...(await wrongData(stage)),
    ...(state === null ? [] : [...wrongState(stage, state), ...wrongChild(stage, state)]),
  ];
}

/** The state as it stands on disk; `null`: none was saved yet; a text: it cannot be read. */
export async function stateOf({ folder }: Stage): Promise<Instance | string | null> {
  try {
    const loaded = await loadState(folder);
    return loaded.found === 'none' ? null : loaded.instance;
  } catch (error) {
    return `the state cannot be read: ${String(error)}`;
  }
}

async function wrongRecords({ scene, folder }: Stage): Promise<readonly string[]> {
  const wrong: string[] = [];
  await readAccepted(homeAt(scene.home).accepted).catch((error: unknown) =>
    wrong.push(`what was accepted cannot be read: ${String(error)}`),
  );
  if (existsSync(folder.childRecord) && readRecord(folder.childRecord) === null)
    wrong.push('the record of the child cannot be read');
  return wrong;
}

/** Only releases that were named, and the quarantine keeps what is in it. */
function wrongState({ named, bad, good }: Stage, state: Instance): readonly string[] {
  const known = new Set(named.map(({ checksum }) => checksum));
  const present = occupant(state.slot)?.release.checksum;
  const barred = new Set(state.bars.flatMap((bar) => (bar.by === 'failure' ? [bar.of.release.checksum] : [])));
  const committed = state.slot.at === 'running' ? present : state.formers[0]?.deployment.release.checksum;
  return [
    ...(present !== undefined && !known.has(present) ? [`the slot has ${present}, which was never named`] : []),
    ...bad
      .slice(0, -1)
      .flatMap(({ checksum }) => (barred.has(checksum) ? [] : [`${checksum} has left the quarantine`])),
    ...(bad.some(({ checksum }) => checksum === committed) ? [`${committed} crashes and was committed`] : []),
    ...(good !== null && bad.some(({ checksum }) => checksum === good.checksum) ? ['the story is told wrongly'] : []),
  ];
}

/** Saved before acted upon: what executes is what the slot has, or had; never what is only prepared. */
function wrongChild(stage: Stage, state: Instance): readonly string[] {
  const allowed = new Set([
    occupant(state.slot)?.id,
    ...(state.slot.at === 'switching' ? [state.slot.from.deployment.id] : []),
    ...state.formers.map(({ deployment }) => deployment.id),
    ...state.bars.flatMap((bar) => (bar.by === 'failure' ? [bar.of.id] : [])),
  ]);
  return children(stage).flatMap(({ pid, deployment }) =>
    allowed.has(deployment) ? [] : [`pid ${pid} executes ${deployment.slice(0, 12)}, of which no slot was saved`],
  );
}

/** The processes that execute a deployment of this home. */
export function children({ folder }: Stage): readonly { pid: number; deployment: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const program = readlinkSync(`/proc/${name}/exe`).replace(/ \(deleted\)$/, '');
      if (!/^\d+$/.test(name) || !program.startsWith(`${folder.deployments}/`)) return [];
      return [{ pid: Number(name), deployment: basename(resolve(program, '..')) }];
    } catch {
      return [];
    }
  });
}

/** No bytes are called what they are not. */
function wrongStore({ scene, damaged }: Stage): readonly string[] {
  const { verified } = homeAt(scene.home).store;
  return namesIn(verified).flatMap((name) => {
    const path = join(verified, name);
    if (damaged.has(path)) return [];
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    return hash === name && isSealed(path) ? [] : [`${name} in the store is not what its name says, or not sealed`];
  });
}

/** There whole or not at all; what the sweep takes away while we look is gone. */
async function wrongDeployments({ folder, damaged }: Stage): Promise<readonly string[]> {
  const isDamaged = (id: string) => [...damaged].some((path) => path.startsWith(folder.deployment(id).root));
  const ids = namesIn(folder.deployments).filter((name) => !name.startsWith('.') && !isDamaged(name));
  const wrong = await Promise.all(ids.map(async (id) => ((await isWhole(folder, id)) ? [] : [id])));
  return wrong
    .flat()
    .filter((id) => existsSync(folder.deployment(id).root))
    .map((id) => `the deployment ${id.slice(0, 12)} is not whole`);
}

async function isWhole(folder: InstanceFolder, id: string): Promise<boolean> {
  try {
    const raw = JSON.parse(readFileSync(folder.deployment(id).record, 'utf8'));
    const laid = await openLaid(folder, { ...deploymentOf(raw.release, raw), id }, new AbortController().signal);
    return laid !== null && isSealed(laid.program);
  } catch {
    return false;
  }
}

/** Where a disk takes no more it may lead to what was swept, until the disk takes it again. */
export function wrongLink({ folder }: Stage): readonly string[] {
  try {
    const to = resolve(folder.root, readlinkSync(folder.current));
    return existsSync(to) && basename(resolve(to, '..')) === 'deployments' ? [] : [`current leads to ${to}`];
  } catch {
    return [];
  }
}

const isSealed = (path: string): boolean => (statSync(path).mode & 0o777) === 0o555;

function namesIn(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
