import type { Migration, Release } from '../../core/release.ts';
import { oneLine, short } from '../../observe/words/pieces.ts';

/** What a source says of a release beside its bytes, one part to a line; nothing where it says nothing. */
export function termsWords({ terms }: Pick<Release, 'terms'>): readonly string[] {
  if (terms === undefined) return [];
  const { migrations, missing, specVersions, urgent, dataCompatible } = terms;
  return [
    ...migrations.map(migrationWords),
    ...missing.map((kind) => `needs a migration of ${kind} that is not named yet`),
    ...(specVersions.length === 0 ? [] : [`serves spec versions ${specVersions.map(rangeWords).join(', ')}`]),
    ...(urgent ? ['is urgent'] : []),
    ...(dataCompatible ? ['the release before it can read the data that it leaves'] : []),
  ];
}

function migrationWords({ kind, checksum, to }: Migration): string {
  return `migrates ${kind}${to === null ? '' : ` to ${oneLine(to)}`} (${short(checksum)})`;
}

const rangeWords = ([from, to]: readonly [number, number]): string => (from === to ? `${from}` : `${from}-${to}`);
