import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many processes of our control group the kernel has killed for want of memory; the child is in it too. `null`: not to be read here.
 * cgroup v2: `oom_kill` of memory.events; v1: `oom_kill` of memory.oom_control (Linux 4.13 and newer).
 */
export function oomKills(): number | null {
  for (const path of counterPaths(read('/proc/self/cgroup'), read('/proc/self/mountinfo'))) {
    const count = /^oom_kill (\d+)$/m.exec(read(path))?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}

/**
 * Where the counter may lie. In a container the group's path is often that of the host, and the mount begins at the group itself: then the
 * mount's own folder is it.
 */
export function counterPaths(cgroup: string, mountinfo: string): readonly string[] {
  const groups = cgroup.split('\n').map((line) => line.split(':'));
  const v1 = groups.find(([, controllers = '']) => controllers.split(',').includes('memory'))?.[2];
  const v2 = groups.find(([id]) => id === '0')?.[2];
  const [mountV1] = mountPoints(
    mountinfo,
    (type, options) => type === 'cgroup' && options.split(',').includes('memory'),
  );
  const [mountV2] = mountPoints(mountinfo, (type) => type === 'cgroup2');
  return [
    ...below(mountV1, v1).map((folder) => join(folder, 'memory.oom_control')),
    ...below(mountV2, v2).map((folder) => join(folder, 'memory.events')),
  ];
}

const below = (mount: string | undefined, path: string | undefined): readonly string[] =>
  mount === undefined || path === undefined ? [] : [join(mount, path), mount];

/** proc_pid_mountinfo(5): the mount point is the fifth field; after a lone `-` come type, source and options. */
function mountPoints(mountinfo: string, wanted: (type: string, options: string) => boolean): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [type = '', , options = ''] = after.split(' ');
    return wanted(type, options) ? [before.split(' ')[4] ?? ''] : [];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
