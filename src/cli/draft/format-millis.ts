const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A time as the args file writes it: the largest unit of which it is a whole number. */
export function formatMillis(millis: number): string {
  const [unit, size] = units.find(([, each]) => millis % each === 0 && millis >= each) ?? ['ms', 1];
  return `${millis / size}${unit}`;
}
