import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

// This file alone asks where the program lies. It is an entry of the bundle, so that it lies at the root of `dist/`, as it does of `src/`.

/** What the one file carries beside its program (scripts/build-binary.mjs puts it there). */
type Asset = 'package.json' | 'events-worker.cjs';

/** What a thread is started with: a script, or the module that lies there. */
export type Startable = { readonly script: string } | { readonly module: URL };

/**
 * The words that start this very program: in a unit, in a sidecar, for a completion. Two forms are supported: Node with the files of
 * `dist/`, and the one file, which is Node and program at once.
 */
export function ownCommand(): readonly string[] {
  return isSea() ? [process.execPath] : [process.execPath, fileURLToPath(moduleAt('cli/main'))];
}

/**
 * What decodes events, for a thread of its own. The bundle has it as one script, held open from now on: whatever lies at its path later,
 * this program's own is read.
 */
export async function eventsWorker(): Promise<() => Promise<Startable>> {
  const asset = carried('events-worker.cjs');
  if (asset !== null) return async () => ({ script: asset });
  const path = fileURLToPath(new URL('./events-worker.cjs', import.meta.url));
  // sources, or single modules
  if (!existsSync(path)) return async () => ({ module: moduleAt('chain/events/events-worker') });
  const file = await open(path);
  return async () => {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
    return { script: buffer.toString() };
  };
}

/** `.ts` where the sources are run, as tests do. The one file has none beside itself. */
function moduleAt(path: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${path}.${extension}`, import.meta.url);
}

/** A file that the one file has in itself; `null` where the program is files, and has it beside itself. */
export function carried(name: Asset): string | null {
  return isSea() ? getAsset(name, 'utf8') : null;
}

/** The text of the program's package.json. */
export function ownManifest(): string {
  return carried('package.json') ?? readFileSync(new URL('../package.json', import.meta.url), 'utf8');
}
