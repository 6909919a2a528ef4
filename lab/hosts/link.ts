import { readlinkSync } from 'node:fs';

/** The text of a link; empty where there is none to be read. */
export function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
