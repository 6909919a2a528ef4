import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, VisorError } from '../errors.ts';
import { writeDurably } from './durable.ts';

/** What is said of a backup beside it. It is written last: where it is, the backup is complete. */
export interface Marker {
  readonly schema: 1;
  readonly update: string;
  /** Where the data lay, and lie again when they are put back. */
  readonly dir: string;
  readonly from: string;
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** It shares its blocks with what was backed up, as long as neither is written to. */
  readonly isShared: boolean;
  readonly bytes: number;
  /** When it was put back; `null`: it was not. */
  readonly usedAt: number | null;
  readonly entries: readonly MarkedEntry[];
}

export interface MarkedEntry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly size: number;
  readonly mode: number;
  readonly mtime: number;
  /** 64 hex digits; `null`: it was not read yet, or is no file. */
  readonly sha256: string | null;
}

/** One backup, on disk. */
export interface Backup {
  /** Its own folder. */
  readonly folder: string;
  readonly marker: Marker;
}

export const contentOf = (folder: string): string => join(folder, 'data');
export const markerOf = (folder: string): string => join(folder, 'backup.json');

export const writeMarker = ({ folder, marker }: Backup): Promise<void> =>
  writeDurably(markerOf(folder), `${JSON.stringify(marker)}\n`);

/** `null`: the backup was never completed. @throws VisorError `io` for a marker that is none; what the file system says */
export async function readMarker(folder: string): Promise<Backup | null> {
  try {
    const marker = JSON.parse(await readFile(markerOf(folder), 'utf8')) as Marker;
    if (marker.schema === 1 && typeof marker.dir === 'string' && Array.isArray(marker.entries))
      return { folder, marker };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new VisorError(
    'io',
    `${markerOf(folder)} is no record of a backup that this vaultvisor can read`,
    'It was damaged, or a newer vaultvisor wrote it; the data beside it were left as they are.',
  );
}
