import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serves } from '../support/scene.ts';
import { CLASSES, openPage } from './page.ts';
import { type Means, PLACE, setStage } from './stage.ts';

/** The kernel's names of what is counted (faults.c), by ours. */
const NAMES: Readonly<Record<string, RegExp>> = {
  rename: /^rename(at2?)?$/,
  link: /^link(at)?$/,
  symlink: /^symlink(at)?$/,
  unlink: /^unlink(at)?$/,
  rmdir: /^rmdir$/,
  mkdir: /^mkdir(at)?$/,
  truncate: /^f?truncate$/,
  chmod: /^(fchmodat2?|fchmod|chmod|f?chownat|[fl]?chown|utimensat)$/,
  fsync: /^(fsync|fdatasync|msync|sync_file_range)$/,
  copy: /^(copy_file_range|sendfile)$/,
  kill: /^(kill|tgkill|pidfd_send_signal)$/,
  bind: /^bind$/,
  'a call that is not known here': /^(io_uring_\w+|openat2|mknod(at)?|fallocate|f?setxattr|vfork|splice)$/,
};

export interface Completeness {
  readonly counted: number;
  /** What strace saw and we did not count, or the other way round; none: it is one. */
  readonly differences: readonly string[];
}

/** Why the count cannot be held to the kernel's here; `null`: it can. */
export function noStrace(): string | null {
  try {
    execFileSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no strace that may trace: the count of the calls was not held to the kernel’s own';
  }
}

/** Counts a first start and an update twice at one time: by the preloaded library, and by strace, as the kernel sees it. */
export async function countTwice(folder: string, means: Means): Promise<Completeness> {
  const stage = await setStage(join(folder, 'counted'), means);
  const aside = join(folder, 'trace');
  mkdirSync(aside);
  const page = openPage(join(aside, 'page'), means.library, stage.scene.folder);
  const releases = [stage.build('steady'), stage.build('steady')];
  page.arm({ mode: 'count', classes: CLASSES.change + CLASSES.output });
  await stage.scene.name(PLACE, releases[0]!);
  const words = ['-f', '-qq', '-y', '-s', '0', '-o', join(aside, 'strace'), process.execPath, means.program];
  const { LD_PRELOAD: library = '', ...env }: NodeJS.ProcessEnv = {
    ...process.env,
    ...page.env,
    VAULTVISOR_LOCKS: stage.scene.locks,
  };
  const traced = spawn('strace', ['-E', `LD_PRELOAD=${library}`, ...words, 'run', '--config', stage.scene.config], {
    stdio: 'ignore',
    env,
  });
  const ended = new Promise((resolve) => traced.once('exit', resolve));
  for (const release of releases) {
    await stage.scene.name(PLACE, release);
    await stage.scene.until(PLACE, 'the release', serves(release), 120_000);
  }
  await sleep(2_000); // the sweep
  const calls = page.calls();
  process.kill(page.supervisor(), 'SIGTERM');
  await ended;
  await stage.scene.close();
  const ours = tally(calls.map(({ call }) => call.replace(' again', '')));
  const theirs = tally(seenBy(readFileSync(join(aside, 'strace'), 'utf8'), page.supervisor(), `${aside}/`));
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const differences = names.flatMap((name) => {
    const [counted, seen] = [ours.get(name) ?? 0, theirs.get(name) ?? 0];
    return counted === seen ? [] : [`${name}: ${counted} counted, ${seen} seen by the kernel`];
  });
  return { counted: calls.length, differences };
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}

/** What the supervisor, its threads, and its children until they execute something did, until we ended it; our own page and log left out. */
function seenBy(trace: string, supervisor: number, own: string): readonly string[] {
  const ours = new Set([supervisor]);
  const forked = new Set<number>();
  const begun = new Map<number, string>();
  const seen: string[] = [];
  for (const line of trace.split('\n')) {
    const [, who = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const pid = Number(who);
    if (rest.startsWith('--- SIGTERM')) break;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (resumed === null && rest.endsWith('<unfinished ...>')) {
      begun.set(pid, rest.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const text = resumed === null ? rest : `${begun.get(pid) ?? ''}${resumed[1]}`;
    const call = text.slice(0, text.indexOf('('));
    const made = /^(clone3?|fork)$/.test(call) ? Number(/= (\d+)/.exec(text)?.[1]) : 0;
    if (made > 0 && ours.has(pid)) {
      if (text.includes('CLONE_THREAD')) ours.add(made);
      else {
        forked.add(made);
        seen.push('fork');
      }
    } else if (forked.has(pid) && call === 'execve') {
      // the C library tries each folder of PATH
      if (text.trimEnd().endsWith('= 0')) forked.delete(pid);
      if (!forked.has(pid)) seen.push('execve');
    } else if (ours.has(pid) && !text.includes(own)) seen.push(...nameOf(call, text));
  }
  return seen;
}

function nameOf(call: string, text: string): readonly string[] {
  if (/^p?writev?(64|2)?$/.test(call)) return /^\w+\(\d+<\/(?!dev\/)/.test(text) ? ['write'] : [];
  if (/^(open|openat|creat)$/.test(call))
    return /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(text) && !/"\/(dev|proc|sys)\//.test(text) ? ['open'] : [];
  if (call === 'kill' && /, 0\)/.test(text)) return []; // only asks whether somebody is there
  return Object.keys(NAMES).filter((name) => NAMES[name]?.test(call));
}
