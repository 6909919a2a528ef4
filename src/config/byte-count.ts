const units = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

export const byteCountPattern = /^\d+(B|KiB|MiB|GiB|TiB)$/;

/** Reads `512MiB`, or a number of bytes; `null` where it is none, or none that can be counted exactly. */
export function parseByteCount(said: string | number): number | null {
  const bytes = typeof said === 'number' ? said : parsed(said);
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : null;
}

function parsed(text: string): number {
  const unit = byteCountPattern.exec(text)?.[1] as keyof typeof units | undefined;
  return unit === undefined ? Number.NaN : Number.parseInt(text, 10) * units[unit];
}
