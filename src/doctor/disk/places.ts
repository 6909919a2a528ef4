import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { nameOf, type Patient } from '../patient.ts';

/** A folder that matters, by what it is for. */
export interface Place {
  readonly what: string;
  readonly path: string;
  /** The client whose it is; `null`: of all. */
  readonly client: string | null;
}

/** The home, and where clients keep what they cannot lose. Each path once. */
export function placesOf({ home, clients }: Patient): readonly Place[] {
  const all: Place[] = home === null ? [] : [{ what: 'the home', path: home.root, client: null }];
  for (const client of clients) {
    const name = nameOf(client);
    if (client.data !== null) {
      all.push({ what: 'the data', path: client.data.dir, client: name });
      all.push({ what: 'the backups', path: client.data.backups, client: name });
    }
    all.push({ what: 'the working directory', path: client.settings.cwd, client: name });
  }
  return [...new Map(all.map((place) => [place.path, place] as const).reverse()).values()].reverse();
}

/** The nearest folder that is there already: what will be made lies on the same disk. */
export function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? realpathSync(path) : nearest(dirname(path));
}
