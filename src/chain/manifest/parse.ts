import { parseChecksum, type Release } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { oneLine } from '../one-line.ts';
import { shownUrl } from './shown-url.ts';

/**
 * Reads `{"version"?, "uri", "checksum"}`; `null` names no release. The uri may be relative to the manifest's own URL.
 * Throws a VisorError (`protocol`) for everything else: a misspelt key is an error, not a release without it.
 */
export function parseManifest(text: string, url: string): Release | null {
  const json = parseJson(text, url);
  if (json === null) return null;
  if (typeof json !== 'object' || Array.isArray(json)) throw invalid(url, 'is neither an object nor null');
  const { version = null, uri, checksum, ...others } = json as Record<string, unknown>;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw invalid(url, `has an unknown key "${oneLine(unknown)}"`);
  if (version !== null && !isPlainText(version)) throw invalid(url, 'has a version that is no plain text');
  if (!isPlainText(uri) || !URL.canParse(uri, url)) throw invalid(url, 'has no usable uri');
  const digest = typeof checksum === 'string' ? parseChecksum(checksum) : null;
  if (digest === null) throw invalid(url, 'has no checksum of 64 hex digits');
  return { checksum: digest, uri: new URL(uri, url).href, version };
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(url, 'is not JSON', cause);
  }
}

/** Text of a length that a person may have written, without control characters. */
const isPlainText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 2_048 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);

export function invalid(url: string, what: string, cause?: unknown): VisorError {
  const next = 'It should be {"version": "…", "uri": "…", "checksum": "0x…"}; what it said before stays in force.';
  return new VisorError('protocol', `${shownUrl(url)} ${what}`, next, { cause });
}
