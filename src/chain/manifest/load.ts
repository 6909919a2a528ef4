import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sentenceOf, VisorError } from '../../errors.ts';
import { late } from '../../late.ts';
import { invalid } from './parse.ts';
import { shownUrl } from './shown-url.ts';

const fetching = late(() => import('./fetch-text.ts'));

/** A manifest is three short values; what is longer is something else. */
export const MAX_BYTES = 64 * 1024;

/** The text of a manifest. Throws a VisorError: `io` for a file, `network` for a server, `protocol` for what is too long or no text. */
export async function loadManifest(url: string, ca: string | undefined, signal: AbortSignal): Promise<string> {
  const isFile = url.startsWith('file:');
  try {
    return textOf(isFile ? await readBounded(fileURLToPath(url)) : await fetched(url, ca, signal), url);
  } catch (error) {
    if (error instanceof VisorError) throw error;
    const next = 'What it said before stays in force; it is read again at its next interval.';
    throw new VisorError(isFile ? 'io' : 'network', `${shownUrl(url)} cannot be read: ${sentenceOf(error)}`, next, {
      cause: error,
    });
  }
}

/** An HTTP client is loaded only where a manifest lies behind one. */
async function fetched(url: string, ca: string | undefined, signal: AbortSignal): Promise<Buffer> {
  const { fetchText } = await fetching();
  return fetchText(url, ca, signal);
}

/** Read through one descriptor, so that a file which is replaced meanwhile is either the former or the new one. */
async function readBounded(path: string): Promise<Buffer> {
  // a pipe without a writer would hold an ordinary open for ever
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Error('it is not a file');
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (status.size > MAX_BYTES || bytesRead > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function textOf(bytes: Buffer, url: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(url, 'is not UTF-8 text', cause);
  }
}
