/** Both ends count. */
export type SpecRange = readonly [from: number, to: number];

/** A spec version is a u32 in every runtime (sp_version). */
const LARGEST = 0xffff_ffff;

/** More than any client serves; a list that is longer is something else. */
export const MOST_RANGES = 64;

/** Reads `1019000-1019003,1020000`, as releases on chain write it; `null` if it is anything else. */
export function parseSpecVersions(text: string): readonly SpecRange[] | null {
  const ranges = text.split(',').map(parseRange);
  return ranges.length <= MOST_RANGES && ranges.every((range) => range !== null) ? ranges : null;
}

/** One version or a range of them, as numbers; `null` if they are none. */
export function specRange(from: unknown, to: unknown = from): SpecRange | null {
  return isSpecVersion(from) && isSpecVersion(to) && from <= to ? [from, to] : null;
}

function parseRange(text: string): SpecRange | null {
  const [, from, to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(text) ?? [];
  return from === undefined ? null : specRange(Number(from), Number(to));
}

const isSpecVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST;
