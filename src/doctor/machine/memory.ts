import { readFile } from 'node:fs/promises';
import { type Complaint, check, verdict } from '../check.ts';
import { mebibytes } from '../words.ts';

interface Seen {
  /** Bytes that the kernel could give out now. */
  readonly available: number;
  /** Of the control group of the daemon, or of ours; `null`: it has none. */
  readonly limit: { readonly bytes: number; readonly left: number } | null;
}

/** docs/hosts.md: what is to be left for vaultvisor itself. */
const OWN = 150 * 2 ** 20;
const LEAST = 64 * 2 ** 20;

/** What is left of the memory, and of what the host gives to us and the clients together. */
export const memory = check(
  'memory',
  async ({ daemon }): Promise<Seen> => ({ available: await available(), limit: await limitOf(daemon?.pid ?? 'self') }),
  (seen) => verdict(complaintsOf(seen), `${mebibytes(leftOf(seen))} of memory are left.`),
);

export function complaintsOf(seen: Seen): readonly Complaint[] {
  const left = leftOf(seen);
  if (left >= OWN) return [];
  const isOurs = seen.limit !== null && seen.limit.left <= seen.available;
  const whose = isOurs
    ? `of the ${mebibytes(seen.limit?.bytes ?? 0)} that its host gives to vaultvisor and its clients`
    : 'of this machine';
  const sentence = `Only ${mebibytes(left)} of memory are left ${whose}: the kernel kills the largest process when it is used up, a client as a rule.`;
  const fix = isOurs
    ? 'Give it more (MemoryMax of the unit, --memory of the container).'
    : 'See what uses it (ps --sort=-rss -eo rss,comm | head), or add some.';
  return [{ severity: left < LEAST ? 'error' : 'warning', about: null, sentence, fix }];
}

const leftOf = ({ available, limit }: Seen): number => Math.min(available, limit?.left ?? Number.POSITIVE_INFINITY);

/** proc_meminfo(5): what could be given out without swapping. */
async function available(): Promise<number> {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  return Number(kilobytes) * 1_024;
}

/** The narrowest limit on the way up from the process's control group, of version 2 or 1. */
async function limitOf(pid: number | 'self'): Promise<Seen['limit']> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const limits = await Promise.all(groups.split('\n').flatMap(foldersOf).map(limitIn));
  const real = limits.flatMap((limit) => (limit === null ? [] : [limit]));
  return real.sort((a, b) => a.left - b.left)[0] ?? null;
}

interface Folder {
  readonly path: string;
  readonly files: readonly [limit: string, usage: string];
}

function foldersOf(line: string): readonly Folder[] {
  const [, version, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
  if (version === undefined) return [];
  const isFirst = controllers.split(',').includes('memory');
  if (!isFirst && controllers !== '') return [];
  const [root, files] = isFirst
    ? ['/sys/fs/cgroup/memory', ['memory.limit_in_bytes', 'memory.usage_in_bytes'] as const]
    : ['/sys/fs/cgroup', ['memory.max', 'memory.current'] as const];
  const parts = path.split('/').filter((part) => part !== '');
  return [...parts.keys(), parts.length].map((length) => ({
    path: [root, ...parts.slice(0, length)].join('/'),
    files,
  }));
}

async function limitIn({ path, files }: Folder): Promise<Seen['limit']> {
  const [bytes = Number.NaN, used = Number.NaN] = await Promise.all(
    files.map((name) => readFile(`${path}/${name}`, 'utf8').then(Number, () => Number.NaN)),
  );
  const stat = await readFile(`${path}/memory.stat`, 'utf8').catch(() => '');
  // what was read from files and not lately used is given back at once when it is needed
  const cached = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
  // version 1 says "none" as the largest multiple of a page
  const isReal = bytes < 2 ** 62 && !Number.isNaN(used);
  return isReal ? { bytes, left: Math.max(0, bytes - used + cached) } : null;
}
