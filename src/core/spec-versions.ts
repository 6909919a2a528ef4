/** Both ends count. */
export type SpecRange = readonly [from: number, to: number];

/** A spec version is a u32 in every runtime (sp_version). */
const LARGEST = 0xffff_ffff;

/** More than any client serves; a list that is longer is something else. */
const MOST_RANGES = 64;

/** Reads `1019000-1019003,1020000`, as releases on chain write it; `null` if it is anything else. */
export function parseSpecVersions(text: string): readonly SpecRange[] | null {
  return allOf(text.split(','), parseRange);
}

/** Reads what a program prints: the JSON form, or a version or range to a line; `null` if it is neither, or names none. */
export function printedSpecVersions(text: string): readonly SpecRange[] | null {
  const lines = text.split('\n').flatMap((line) => line.trim() || []);
  if (lines.length === 0) return null;
  const ranges = lines[0]?.startsWith('[') ? specVersionsOf(parseJson(text)) : allOf(lines, parseRange);
  return ranges?.length === 0 ? null : ranges;
}

/** Reads `[1019000, [1020000, 1020003]]`, as JSON has it; `null` if it is anything else. */
export function specVersionsOf(json: unknown): readonly SpecRange[] | null {
  if (!Array.isArray(json)) return null;
  return allOf(json, (one: unknown) =>
    Array.isArray(one) ? (one.length === 2 ? rangeOf(one[0], one[1]) : null) : rangeOf(one, one),
  );
}

function allOf<T>(written: readonly T[], read: (one: T) => SpecRange | null): readonly SpecRange[] | null {
  if (written.length > MOST_RANGES) return null;
  const ranges = written.map(read);
  return ranges.every((range) => range !== null) ? ranges : null;
}

function rangeOf(from: unknown, to: unknown): SpecRange | null {
  return isSpecVersion(from) && isSpecVersion(to) && from <= to ? [from, to] : null;
}

function parseRange(text: string): SpecRange | null {
  const [, from, to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(text) ?? [];
  return from === undefined ? null : rangeOf(Number(from), Number(to));
}

const isSpecVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
