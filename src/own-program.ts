import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

// This file alone asks where the program lies. It is an entry of the bundle, so that it lies at the root of `dist/`, as it does of `src/`.

/** What the one file carries beside its program (scripts/build-binary.mjs puts it there). */
export type Asset = 'package.json' | 'events-worker.js';

/** Started by their path, and not imported: entries of the bundle (scripts/build.mjs). */
export type Entry = 'cli/main' | 'chain/events/events-worker';

/**
 * The words that start this very program: in a unit, in a sidecar, for a completion. Two forms are supported: Node with the files of
 * `dist/`, and the one file, which is Node and program at once.
 */
export function ownCommand(): readonly string[] {
  return isSea() ? [process.execPath] : [process.execPath, fileURLToPath(entryAt('cli/main'))];
}

/** Where an entry lies: `.ts` where the sources are run, as tests do. The one file has none beside itself. */
export function entryAt(entry: Entry): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${entry}.${extension}`, import.meta.url);
}

/** A file that the one file has in itself; `null` where the program is files, and has it beside itself. */
export function carried(name: Asset): string | null {
  return isSea() ? getAsset(name, 'utf8') : null;
}

/** The text of the program's package.json. */
export function ownManifest(): string {
  return carried('package.json') ?? readFileSync(new URL('../package.json', import.meta.url), 'utf8');
}
