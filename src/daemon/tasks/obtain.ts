import type { Release } from '../../core/release.ts';
import type { Cell } from '../instance/cell.ts';
import { progressLines } from './progress.ts';

/** The path of bytes in the store, verified; fetched from where the source says, or a mirror, if they are not there. */
export async function obtain(
  { checksum, uri }: Pick<Release, 'checksum' | 'uri'>,
  cell: Cell,
  signal: AbortSignal,
): Promise<string> {
  const { download, source } = cell.config();
  const mirrors = download.mirrors.map((url) => url.replaceAll('{checksum}', checksum.slice(2)));
  const isOurs = source.source === 'manifest' || uri === cell.config().initial;
  const want = {
    checksum,
    uris: [...(uri === null ? [] : [uri]), ...mirrors],
    maxBytes: download.maxBytes,
    // a file on this machine is what its operator named; what a chain names, only where he allows it
    allowFile: isOurs || cell.pinnedUri() === uri || cell.services.allowInsecure(),
    progress: progressLines(cell, 'downloading'),
  };
  return (await cell.services.downloader.fetch(want, signal)).path;
}
