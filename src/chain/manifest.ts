import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Release } from '../core/release.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import type { Log } from '../log.ts';
import { loadManifest } from './manifest/load.ts';
import { parseManifest } from './manifest/parse.ts';
import { shownUrl } from './manifest/shown-url.ts';
import type { Announcement, ManifestSource } from './source.ts';

export interface ManifestOptions extends Omit<ManifestSource, 'source'> {
  /** Told at the first read and at every change. */
  announced(announcement: Announcement): void;
  /** The manifest cannot be had or read, and what it said before stays in force; `null`: it is well again. */
  trouble(error: VisorError | null): void;
  readonly log: Log;
  /** PEM of further authorities. */
  readonly ca?: string;
}

/** Reads a manifest every `interval` until the abort; never rejects. */
export async function followManifest(options: ManifestOptions, signal: AbortSignal): Promise<void> {
  const { url, interval, log } = options;
  let former: { readonly release: Release | null } | null = null;
  let told: string | null = null;
  while (!signal.aborted) {
    const read = await attempt(url, options.ca, signal);
    if (signal.aborted) return;
    if ((read.error?.message ?? null) !== told) {
      told = read.error?.message ?? null;
      if (read.error !== null) log.warn({ url: shownUrl(url) }, `${read.error.message}. ${read.error.next}`);
      options.trouble(read.error);
    }
    if (read.error === null && !isDeepStrictEqual(former?.release, read.release)) {
      former = { release: read.release };
      options.announced(announcementOf(read.release));
    }
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
}

/** Reads it once, for `check`. Throws a VisorError (`network`, `io`, `protocol`). */
export async function readManifestOnce(url: string, signal: AbortSignal, ca?: string): Promise<Announcement> {
  return announcementOf(parseManifest(await loadManifest(url, ca, signal), url));
}

type Attempt = { readonly error: null; readonly release: Release | null } | { readonly error: VisorError };

async function attempt(url: string, ca: string | undefined, signal: AbortSignal): Promise<Attempt> {
  try {
    return { error: null, release: parseManifest(await loadManifest(url, ca, signal), url) };
  } catch (error) {
    if (error instanceof VisorError) return { error };
    return { error: new VisorError('bug', sentenceOf(error), 'Please report this.', { cause: error }) };
  }
}

/** A manifest knows no runtime and no block. */
const announcementOf = (current: Release | null): Announcement => ({
  current,
  pending: null,
  specVersion: null,
  upgradeAhead: false,
  block: null,
});
