import { readFileSync } from 'node:fs';
import { carried } from '../own-program.ts';

/** The version of this program, from its package.json (two folders up, in `src/` as in `dist/`). */
export function ownVersion(): string {
  const text = carried('package.json') ?? readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
