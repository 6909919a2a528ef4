import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** As many links as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * The folders in which something must happen before a path can lead to other bytes: that of the path,
 * and that of every link on the way with what it leads to. Never throws.
 */
export async function watchPlaces(path: string): Promise<ReadonlySet<string>> {
  const places = new Set([dirname(resolve(path))]);
  await follow(resolve(path), places, mostLinks);
  return places;
}

async function follow(path: string, places: Set<string>, linksLeft: number): Promise<void> {
  const { root } = parse(path);
  const steps = path.slice(root.length).split(sep).filter(Boolean);
  for (const [index, step] of steps.entries()) {
    const here = join(root, ...steps.slice(0, index), step);
    const target = await linkTarget(here);
    if (target === null) continue;
    places.add(dirname(here));
    const beyond = resolve(dirname(here), target, ...steps.slice(index + 1));
    places.add(dirname(beyond));
    if (linksLeft > 0) await follow(beyond, places, linksLeft - 1);
    return;
  }
}

async function linkTarget(path: string): Promise<string | null> {
  const stat = await lstat(path).catch(() => null);
  return stat?.isSymbolicLink() ? await readlink(path).catch(() => null) : null;
}
