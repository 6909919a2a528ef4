import { chmodSync, lchownSync, lstatSync, lutimesSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { VisorError } from '../errors.ts';
import { copyBytes, reflink } from './copy-file.ts';
import { syncAll } from './durable.ts';
import { type Entry, lookAtTree, type Tree } from './tree.ts';

export interface CopyRequest {
  readonly from: string;
  /** Is not there yet; the folder above it is. */
  readonly to: string;
  readonly tree: Tree;
  /** Whether blocks may be shared; where one file cannot, that one is copied. */
  readonly sharing: boolean;
  readonly progress: (copied: number) => void;
}

/**
 * Copies a folder with all that is in it, durably: contents, holes, symbolic links, modes, owners and times.
 * @returns the SHA-256 (64 hex digits) of each file that was read; one that shares its blocks was not
 * @throws VisorError `io` where somebody changed the folder meanwhile; what the file system says; the signal's reason
 */
export async function copyTree(request: CopyRequest, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { from, to, tree } = request;
  const hashes = new Map<string, string>();
  let copied = 0;
  const add = (bytes: number) => {
    copied += bytes;
    request.progress(copied);
  };
  for (const entry of tree.entries) {
    signal.throwIfAborted();
    const [source, target] = [join(from, entry.path), join(to, entry.path)];
    if (entry.kind === 'folder') mkdirSync(target, { mode: 0o700 });
    else if (entry.kind === 'link') symlinkSync(readlinkSync(source), target);
    else if (request.sharing && (await reflink(source, target))) add(entry.size);
    else hashes.set(entry.path, await copyBytes(source, target, { isSparse: entry.isSparse, signal, copied: add }));
    if (entry.kind !== 'folder') dress(target, entry);
  }
  // last, and the innermost first: what is made in a folder changes its time, and a folder may forbid to make anything
  const folders = tree.entries.filter(({ kind }) => kind === 'folder').reverse();
  for (const entry of folders) dress(join(to, entry.path), entry);
  await syncAll(
    tree.entries.filter(({ kind }) => kind !== 'link').map(({ path }) => join(to, path)),
    to,
    signal,
  );
  await requireUnchanged(from, tree, signal);
  return hashes;
}

/** Owner before mode: a change of owner takes the set-user bits away. */
function dress(target: string, { kind, uid, gid, mode, atime, mtime }: Entry): void {
  const made = lstatSync(target);
  if (made.uid !== uid || made.gid !== gid) lchownSync(target, uid, gid);
  const [accessed, modified] = [atime / 1_000, mtime / 1_000];
  if (kind !== 'link') chmodSync(target, mode);
  lutimesSync(target, accessed, modified);
}

async function requireUnchanged(folder: string, before: Tree, signal: AbortSignal): Promise<void> {
  const after = new Map((await lookAtTree(folder, signal)).entries.map(({ path, stamp }) => [path, stamp]));
  const changed =
    before.entries.find(({ path, stamp }) => after.get(path) !== stamp)?.path ??
    [...after.keys()].find((path) => !before.entries.some((entry) => entry.path === path));
  if (changed === undefined) return;
  throw new VisorError(
    'io',
    `${join(folder, changed)} changed while the data were copied: something else writes to them`,
    'Find who has it open (fuser, lsof), and end that; the copy was thrown away.',
  );
}
