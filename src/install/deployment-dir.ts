import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Deployment, DeploymentId } from '../core/deployment.ts';
import { VisorError } from '../errors.ts';
import { makeFolder, syncFolder } from '../folders.ts';
import type { InstanceFolder } from '../layout.ts';
import { argsText, recordText, startOf } from './deployment-record.ts';
import { systemCode, withWords, writeNew } from './durable.ts';
import { argsFile, filesFolder, programName, recordFile } from './file-name.ts';
import { type Laid, openLaid } from './laid.ts';
import { writeFiles } from './laid-files.ts';
import { hasResult, type Material, type Result, resultOf } from './material.ts';
import { type Hashed, hashProgram, linkOrCopy, sealProgram } from './program-file.ts';

/** Writes exactly this member of an archive to a new file. */
export type Extract = (
  archive: string,
  member: string,
  target: string,
  signal: AbortSignal,
) => Promise<{ sha256: string }>;

export interface LayOutRequest {
  readonly folder: InstanceFolder;
  readonly deployment: Deployment;
  /** Names the program where neither the uri nor the member has a usable name. */
  readonly clientKey: string;
  /** The release's file in the store, verified. */
  readonly blob: string;
  readonly extract: Extract;
  /** Makes what the client is started with, where that is not what its own args and env say. Asked only where nothing whole lies there yet. */
  material(signal: AbortSignal): Promise<Material>;
}

/** The file in the store is not, or no longer, what the checksum names: it is to be discarded and downloaded again. */
export class DamagedBytes extends VisorError {}

/** Folders that are being filled in this process; all others of their kind are left over from one that died. */
const underWay = new Set<string>();

/**
 * Lays out `deployments/<id>/`: made complete beside its place and renamed into it, so that it is there whole or not at all.
 * What lies there already is used if it is whole, else replaced.
 * @throws DamagedBytes if the file in the store is not what the checksum names.
 * @throws VisorError `io` or `permission` if the disk does not do it; nothing is left behind.
 */
export async function layOut(request: LayOutRequest, signal: AbortSignal): Promise<Laid> {
  const { folder, deployment } = request;
  const present = await openLaid(folder, deployment, signal);
  if (present !== null) return present;
  const work = passing(folder, deployment.id);
  underWay.add(work);
  try {
    await makeFolder(folder.deployments, 0o700);
    const { name, hashed, result } = await fill(work, request, signal);
    const { root, files } = folder.deployment(deployment.id);
    await moveInto(work, root, passing(folder, deployment.id));
    const start = startOf(deployment, result, files);
    return { id: deployment.id, program: join(root, name), name, ...hashed, start, files: result?.files ?? {} };
  } catch (thrown) {
    await rm(work, { recursive: true, force: true }).catch(() => {}); // else pruned later
    throw withWords(`The deployment ${deployment.id.slice(0, 12)} cannot be laid out`, thrown);
  } finally {
    underWay.delete(work);
  }
}

/** Absolute paths of all programs of an instance's deployments, whole or not: who executes one of them is ours. */
export async function programs(folder: InstanceFolder): Promise<string[]> {
  const entries = await readdir(folder.deployments, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
  return entries
    .filter(({ parentPath }) => basename(parentPath) !== filesFolder)
    .filter((entry) => entry.isFile() && entry.name !== argsFile && entry.name !== recordFile)
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Removes the deployments that nobody names any more, and what a process that died left unfinished. Answers which went.
 * @param letGo asked of each in the very moment in which it goes: what is wanted again meanwhile stays
 */
export async function pruneDeployments(
  folder: InstanceFolder,
  letGo: (id: DeploymentId) => boolean,
): Promise<DeploymentId[]> {
  const names = (await readdir(folder.deployments, { withFileTypes: true }).catch(noneIfMissing)).map(
    ({ name }) => name,
  );
  const leftOver = names.filter((name) => isPassing(name) && !underWay.has(join(folder.deployments, name)));
  const gone: DeploymentId[] = [];
  try {
    for (const id of names.filter((name) => /^[0-9a-f]{64}$/.test(name))) {
      if (!letGo(id)) continue;
      // no other step of ours may come between the question and the rename
      const aside = putAside(folder, id);
      gone.push(id);
      await rm(aside, { recursive: true, force: true });
    }
    for (const name of leftOver) await rm(join(folder.deployments, name), { recursive: true, force: true });
  } catch (thrown) {
    throw withWords('A former deployment cannot be removed', thrown);
  }
  return gone;
}

/** It goes as it came: under its own name it is there whole or not at all, also when we die while we remove it. */
function putAside(folder: InstanceFolder, id: DeploymentId): string {
  const aside = passing(folder, id);
  try {
    renameSync(folder.deployment(id).root, aside);
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown; // somebody was faster
  }
  return aside;
}

/** Points `current` to a deployment, in one rename. For people and scripts: nothing is ever decided by reading it. */
export async function pointCurrent(folder: InstanceFolder, id: DeploymentId): Promise<void> {
  const next = `${folder.current}.next`;
  try {
    await rm(next, { force: true });
    await symlink(relative(folder.root, folder.deployment(id).root), next);
    await rename(next, folder.current);
    await syncFolder(folder.root);
  } catch (thrown) {
    throw withWords(`${folder.current} cannot be pointed to the present deployment`, thrown);
  }
}

async function fill(
  work: string,
  request: LayOutRequest,
  signal: AbortSignal,
): Promise<{ name: string; hashed: Hashed; result: Result | null }> {
  const { deployment, folder } = request;
  const material = hasResult(deployment) ? await request.material(signal) : null;
  const name = programName(deployment, request.clientKey);
  await mkdir(work, { mode: 0o700 });
  const expected = await place(request, join(work, name), signal);
  await sealProgram(join(work, name));
  const hashed = await hashProgram(join(work, name), signal);
  if (hashed === null || hashed.sha256 !== expected) throw damaged(deployment);
  const result = material && resultOf(material);
  if (material !== null) await writeFiles(join(work, filesFolder), material.files);
  await writeNew(join(work, argsFile), argsText(startOf(deployment, result, folder.deployment(deployment.id).files)));
  await writeNew(join(work, recordFile), recordText(deployment, name, hashed.sha256, result));
  await syncFolder(work);
  return { name, hashed, result };
}

/** Puts the program to its place; answers the SHA-256 that it must have. */
async function place(request: LayOutRequest, target: string, signal: AbortSignal): Promise<string> {
  const { deployment, blob } = request;
  const expected = deployment.release.checksum.slice(2);
  if (deployment.member === null) {
    await linkOrCopy(blob, target);
    return expected;
  }
  if ((await hashProgram(blob, signal))?.sha256 !== expected) throw damaged(deployment);
  return (await request.extract(blob, deployment.member, target, signal)).sha256;
}

async function moveInto(work: string, root: string, aside: string): Promise<void> {
  const isTaken = await rename(work, root).then(
    () => false,
    (thrown: unknown) => {
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(systemCode(thrown) ?? '')) return true;
      throw thrown;
    },
  );
  if (isTaken) {
    await rename(root, aside);
    await rename(work, root);
  }
  await syncFolder(join(root, '..'));
  await rm(aside, { recursive: true, force: true });
}

const passing = (folder: InstanceFolder, id: DeploymentId): string =>
  join(folder.deployments, `.${id}.${randomBytes(6).toString('hex')}`);
const isPassing = (name: string): boolean => /^\.[0-9a-f]{64}\.[0-9a-f]{12}$/.test(name);

function damaged({ release: { checksum } }: Deployment): DamagedBytes {
  const words = `The file in the store is not what its checksum ${checksum} names: the disk changed it, or somebody did.`;
  return new DamagedBytes(
    'io',
    words,
    'It is downloaded again; look at the disk (dmesg) and at who may write to the home.',
  );
}

function noneIfMissing(thrown: unknown): [] {
  if (systemCode(thrown) === 'ENOENT') return [];
  throw withWords('The deployments cannot be listed', thrown);
}
