import { readFile } from 'node:fs/promises';
import { nearest } from './places.ts';

export interface Mount {
  /** Where it is mounted. */
  readonly at: string;
  /** As mount(8) calls its file system. */
  readonly type: string;
  readonly options: readonly string[];
}

/** What a path lies on, there or not: the last of the mounts that stand above it hides the others (proc_pid_mountinfo(5)). */
export async function mountOf(path: string): Promise<Mount> {
  const real = nearest(path);
  const all = parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
  const above = all.filter(({ at }) => at === '/' || real === at || real.startsWith(`${at}/`));
  const longest = Math.max(...above.map(({ at }) => at.length));
  return above.findLast(({ at }) => at.length === longest) ?? { at: '/', type: 'unknown', options: [] };
}

export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , , at, options = ''] = left.split(' ');
    const [type = ''] = right.split(' ');
    return at === undefined ? [] : [{ at: unescaped(at), type, options: options.split(',') }];
  });
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
