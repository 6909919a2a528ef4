import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** What the one file carries beside its program (scripts/build-binary.mjs puts it there). */
export type Asset = 'package.json' | 'events-worker.js';

/**
 * The words that start this very program: in a unit, in a sidecar, for a completion. Two forms are supported: Node with the files of
 * `dist/`, and the one file, which is Node and program at once.
 */
export function ownCommand(): readonly string[] {
  if (isSea()) return [process.execPath];
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return [process.execPath, fileURLToPath(new URL(`./cli/main.${extension}`, import.meta.url))];
}

/** A file that the one file has in itself; `null` where the program is files, and has it beside itself. */
export function carried(name: Asset): string | null {
  return isSea() ? getAsset(name, 'utf8') : null;
}
