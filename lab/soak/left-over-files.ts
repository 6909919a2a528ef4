import { readdirSync } from 'node:fs';

/** Files that a writer or a proof left half done, below this folder. */
export function leftoversIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(\.tmp$)|(\/|^)\.proof-/.test(path),
  );
}
