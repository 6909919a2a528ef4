/** What keeps a process running, as its control group tells: ending the process alone would not do. `null`: nothing that we know. */
export type Place =
  | { readonly in: 'unit'; readonly unit: string; readonly manager: Manager }
  | { readonly in: 'container'; readonly id: string; readonly engine: 'docker' | 'podman' }
  | { readonly in: 'pod' };

/** Which systemd: that of the machine, or that of one user. */
export type Manager = 'system' | { readonly user: string };

/**
 * Reads /proc/<pid>/cgroup (cgroups(7), of version 1 and 2 alike).
 * @param own the same text of this process: what is where we are is not told from us by it
 */
export function placeOf(text: string, own: string): Place | null {
  const path = pathIn(text);
  if (path === pathIn(own)) return null;
  if (/kubepods/.test(path)) return { in: 'pod' };
  const container = /(docker|libpod)[-/]([0-9a-f]{64})/.exec(path);
  if (container?.[2] !== undefined)
    return { in: 'container', id: container[2].slice(0, 12), engine: container[1] === 'docker' ? 'docker' : 'podman' };
  const unit = path.split('/').findLast((part) => part.endsWith('.service') && !part.startsWith('user@'));
  if (unit === undefined) return null;
  const user = /\/user@(\d+)\.service\//.exec(path)?.[1];
  return { in: 'unit', unit, manager: user === undefined ? 'system' : { user } };
}

/** systemd's own hierarchy, else the longest path of any. */
function pathIn(text: string): string {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  const paths = lines.flatMap((found) => (found === null ? [] : [{ of: found[1] ?? '', path: found[2] ?? '' }]));
  const named = paths.find(({ of, path }) => (of === '' || of === 'name=systemd') && path !== '/');
  return named?.path ?? paths.map(({ path }) => path).sort((a, b) => b.length - a.length)[0] ?? '';
}

/** The commands that end it for good. */
export function endOf(place: Place | null, pid: number): string {
  switch (place?.in) {
    case 'unit':
      return endOfUnit(place.unit, place.manager);
    case 'container':
      return place.engine === 'docker'
        ? `docker update --restart=no ${place.id} && docker stop ${place.id}`
        : `podman stop ${place.id}`;
    case 'pod':
      return `kill -INT ${pid}, once its workload is scaled to 0`;
    case undefined:
      return `kill -INT ${pid}`;
  }
}

export const endOfUnit = (unit: string, manager: Manager): string =>
  manager === 'system'
    ? `systemctl disable --now ${unit}`
    : `systemctl --user disable --now ${unit}, as the user ${manager.user}`;
