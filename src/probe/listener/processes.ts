import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Where a process stands among the others. Source: proc(5), `/proc/<pid>/stat`. */
export interface Place {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** Every process that we can see. One that ends while we look is left out. */
export function allProcesses(): readonly Place[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => placeOf(Number(pid)));
}

/** Our child's tree: its descendants, and whoever is still in its group or session when their parents are gone. */
export function familyOf(root: number, all: readonly Place[]): readonly number[] {
  const family = new Set([root]);
  const isKin = (one: Place) => family.has(one.parent) || one.group === root || one.session === root;
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const one of all) if (isKin(one)) family.add(one.pid);
  }
  return [...family];
}

/** The inodes of the sockets that a process has open; `null` where we may not look (another user's process). */
export function socketsOf(pid: number): ReadonlySet<string> | null {
  try {
    const folder = `/proc/${pid}/fd`;
    return new Set(readdirSync(folder).flatMap((descriptor) => socketAt(`${folder}/${descriptor}`)));
  } catch (thrown) {
    return isGone(thrown) ? new Set() : null;
  }
}

function socketAt(path: string): readonly string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.slice(1) ?? [];
  } catch (thrown) {
    if (isGone(thrown)) return [];
    throw thrown;
  }
}

function placeOf(pid: number): readonly Place[] {
  const stat = readStat(pid);
  // The name stands in brackets and may itself hold spaces and brackets: the last one counts.
  const end = stat.lastIndexOf(')');
  if (end === -1) return [];
  const [, parent, group, session] = stat
    .slice(end + 2)
    .split(' ')
    .map(Number);
  return [{ pid, name: stat.slice(stat.indexOf('(') + 1, end), parent: parent!, group: group!, session: session! }];
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function isGone(thrown: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((thrown as NodeJS.ErrnoException).code ?? '');
}
