import { parseChecksum, type Release } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { oneLine } from '../one-line.ts';
import { withTerms } from '../terms/terms.ts';
import { parseTerms } from './parse-terms.ts';
import { isObject, isPlainText } from './plain.ts';
import { shownUrl } from './shown-url.ts';

/**
 * Reads `{"version"?, "uri", "checksum"}` and its terms; `null` names no release. The uri may be relative to the manifest's own URL.
 * Throws a VisorError (`protocol`) for everything else: a misspelt key is an error, not a release without it.
 */
export function parseManifest(text: string, url: string): Release | null {
  const json = parseJson(text, url);
  if (json === null) return null;
  if (!isObject(json)) throw invalid(url, 'is neither an object nor null');
  const { version = null, uri, checksum, migrations, specVersions, urgent, dataCompatible, ...others } = json;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw invalid(url, `has an unknown key "${oneLine(unknown)}"`);
  if (version !== null && !isPlainText(version)) throw invalid(url, 'has a version that is no plain text');
  if (!isPlainText(uri) || !URL.canParse(uri, url)) throw invalid(url, 'has no usable uri');
  const digest = typeof checksum === 'string' ? parseChecksum(checksum) : null;
  if (digest === null) throw invalid(url, 'has no checksum of 64 hex digits');
  const refuse = (what: string) => invalid(url, what);
  const terms = parseTerms({ migrations, specVersions, urgent, dataCompatible }, url, refuse);
  return withTerms({ checksum: digest, uri: new URL(uri, url).href, version }, terms);
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(url, 'is not JSON', cause);
  }
}

export function invalid(url: string, what: string, cause?: unknown): VisorError {
  const next = 'It should be {"version": "…", "uri": "…", "checksum": "0x…"}; what it said before stays in force.';
  return new VisorError('protocol', `${shownUrl(url)} ${what}`, next, { cause });
}
