import { constants } from 'node:os';

/** One counted call. */
export interface Call {
  /** Its number in this run: over several threads the order of the calls is not the same in every run. */
  readonly number: number;
  readonly class: number;
  readonly call: string;
  /** The errno that it was given instead of being made; 0: none. */
  readonly error: number;
  /** What it could have been given. */
  readonly possible: readonly ErrorName[];
  /** Without the scene's folder. */
  readonly path: string;
}

export type ErrorName = keyof typeof constants.errno;

const nameOf = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name as ErrorName]));

export function parseCalls(text: string, below: string): readonly Call[] {
  return text.split('\n').flatMap((line) => {
    const [number, kind, call = '', error, errors = '', path] = line.split('\t');
    if (path === undefined) return [];
    const possible = errors.split(',').flatMap((value) => nameOf.get(Number(value)) ?? []);
    return [
      {
        number: Number(number),
        class: Number(kind),
        call,
        error: Number(error),
        possible,
        path: path.replace(below, ''),
      },
    ];
  });
}

/** Names a call as it is in every run: checksums, deployments, processes and random names left out. */
export function pointOf({ call, path }: Pick<Call, 'call' | 'path'>): string {
  return `${call} ${path
    .replaceAll(/[0-9a-f]{12,}/g, '#')
    .replaceAll(/\d+/g, '#')
    .replace(/(#\.)+tmp/, '#.tmp')}`.trim();
}
