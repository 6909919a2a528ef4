import type { MigrationKind } from '../../core/release.ts';
import { isVersion } from '../terms/version.ts';

/** Names that release files carry: those of `uname`, which are also those of Rust's target triples. */
const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What is filled in beside the machine's own words. `kind`: of a migration. */
export interface Blanks {
  readonly network: string;
  readonly version: string;
  readonly kind?: MigrationKind;
}

/**
 * The URL of a version's file: `{network}`, `{version}`, `{os}` (linux, darwin), `{arch}` (x86_64, aarch64) and, of a migration, `{kind}`
 * are replaced, everything else stays. The version comes from outside, so it may only hold what cannot leave its place in a path.
 * Throws an Error for any other version, and where the result is no URL.
 */
export function fillTemplate(template: string, blanks: Blanks): string {
  const words: Readonly<Record<string, string>> = {
    ...blanks,
    version: checkVersion(blanks.version),
    os: process.platform,
    arch: machines[process.arch] ?? process.arch,
  };
  const url = template.replace(/\{(network|version|os|arch|kind)\}/g, (whole, name: string) => words[name] ?? whole);
  if (!URL.canParse(url)) throw new Error(`the template makes no URL of it: ${url}`);
  return url;
}

/** Throws an Error for a version that could leave its place in a path. */
export function checkVersion(version: string): string {
  if (isVersion(version)) return version;
  throw new Error('a version may hold letters, digits and . _ + - only, and more than dots');
}
