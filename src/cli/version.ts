import { ownManifest } from '../own-program.ts';

/** The version of this program, from its package.json. */
export function ownVersion(): string {
  return (JSON.parse(ownManifest()) as { version: string }).version;
}
