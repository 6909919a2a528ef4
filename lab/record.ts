import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Result } from './experiment.ts';

const FOLDER = new URL('results/', import.meta.url);

/** What a full run found, as it is kept beside the lab and shown on docs/reliability.md. */
export interface Recorded extends Result {
  readonly name: string;
  readonly promise: string;
  /** Day of the run. */
  readonly date: string;
  readonly command: string;
  readonly seconds: number;
  readonly machine: string;
  readonly defects: readonly { readonly name: string; readonly words: string; readonly caught: string | null }[];
}

export function record(one: Recorded): void {
  writeFileSync(new URL(`${one.name}.json`, FOLDER), `${JSON.stringify(one, null, 2)}\n`);
}

/** All that was recorded, in the order of these names. */
export function recorded(names: readonly string[]): readonly Recorded[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  const all = files.map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recorded);
  return names.flatMap((name) => all.filter((one) => one.name === name));
}

export const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
