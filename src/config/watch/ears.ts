import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { watchPlaces } from './places.ts';

/** By folder and inode: a folder that was removed and made anew is another one. */
export type Ears = Map<string, FSWatcher>;

/** Listens where the path leads now, and nowhere else. */
export async function listen(ears: Ears, path: string, heard: () => void, signal: AbortSignal): Promise<void> {
  const places = new Map<string, string>();
  for (const place of await watchPlaces(path)) {
    const folder = await stat(place).catch(() => null);
    if (folder !== null) places.set(`${folder.dev}:${folder.ino}`, place);
  }
  for (const [id, ear] of ears) if (!places.has(id)) close(ears, id, ear);
  for (const [id, place] of places) if (!ears.has(id) && !signal.aborted) open(ears, id, place, heard);
}

/** Where the kernel grants no more watches, the poll is left. */
function open(ears: Ears, id: string, place: string, heard: () => void): void {
  try {
    const ear = watch(place, { persistent: false }, heard);
    ear.on('error', () => close(ears, id, ear));
    ears.set(id, ear);
  } catch {
    ears.delete(id);
  }
}

function close(ears: Ears, id: string, ear: FSWatcher): void {
  ears.delete(id);
  ear.close();
}

export function silence(ears: Ears): void {
  for (const [id, ear] of ears) close(ears, id, ear);
}
