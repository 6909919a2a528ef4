/** Whether it is a time zone of IANA's list, `UTC` or an old name of one. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // an offset would know no summer time
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** Every zone with a name of its own. */
export const zones = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];
