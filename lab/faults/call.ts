/** One counted call. */
export interface Call {
  /** Its number in this run: over several threads the order of the calls is not the same in every run. */
  readonly number: number;
  readonly class: number;
  readonly call: string;
  /** The errno that it was given instead of being made; 0: none. */
  readonly error: number;
  /** Without the scene's folder. */
  readonly path: string;
}

export function parseCalls(text: string, below: string): readonly Call[] {
  return text.split('\n').flatMap((line) => {
    const [number, kind, call, error, path] = line.split('\t');
    if (call === undefined || path === undefined) return [];
    return [{ number: Number(number), class: Number(kind), call, error: Number(error), path: path.replace(below, '') }];
  });
}

/** Names a call as it is in every run: checksums, deployments, processes and random names left out. */
export function pointOf({ call, path }: Pick<Call, 'call' | 'path'>): string {
  return `${call} ${path
    .replaceAll(/[0-9a-f]{12,}/g, '#')
    .replaceAll(/\d+/g, '#')
    .replace(/(#\.)+tmp/, '#.tmp')}`.trim();
}
