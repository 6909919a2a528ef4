import { VisorError } from '../errors.ts';
import { nearest } from '../nearest.ts';

export interface Placed {
  readonly network: string;
  readonly client: string;
}

export const nameOf = ({ network, client }: Placed): string => `${network}/${client}`;

/** @throws VisorError `usage` for a word that can be no place, whatever the file says */
export function requirePlace(word: string | undefined): void {
  const name = '[a-z0-9][a-z0-9._-]{0,62}';
  if (word === undefined || new RegExp(`^${name}(/${name})?$`).test(word)) return;
  throw new VisorError(
    'usage',
    `${word} is no NETWORK or NETWORK/CLIENT`,
    'Names are of lower-case letters, digits, dots, underscores and hyphens.',
  );
}

/** What NETWORK/CLIENT names, whether or not it is there. @throws VisorError `usage` for any other word */
export function placeIn(word: string): Placed {
  requirePlace(word);
  const [network = '', client] = word.split('/');
  if (client !== undefined) return { network, client };
  throw new VisorError('usage', `${word} names no client`, `Say NETWORK/CLIENT, such as ${word}/vault.`);
}

/** Those that `NETWORK` or `NETWORK/CLIENT` means; all without it. @throws VisorError `usage` where none fits */
export function matching<T extends Placed>(all: readonly T[], word: string | undefined): readonly T[] {
  if (word === undefined) return all;
  const fitting = all.filter((one) => word === one.network || word === nameOf(one));
  if (fitting.length > 0) return fitting;
  const meant = nearest(word, [...new Set(all.flatMap((one) => [one.network, nameOf(one)]))]);
  throw new VisorError(
    'usage',
    `There is no ${word} here`,
    `${meant === null ? '' : `Did you mean ${meant}? `}${listed(all)}`,
  );
}

/** The one that is meant. @throws VisorError `usage` (64), listing them, where several fit or none does */
export function theOne<T extends Placed>(all: readonly T[], word: string | undefined): T {
  const [first, ...others] = matching(all, word);
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) throw new VisorError('usage', 'There is no client here', 'Name one in the args file first.');
  throw new VisorError(
    'usage',
    word === undefined ? 'There are several clients: name one' : `${word} has several clients: name one`,
    listed([first, ...others]),
  );
}

const listed = (all: readonly Placed[]): string =>
  all.length === 0 ? 'There is no client here.' : `There are: ${all.map(nameOf).join(', ')}.`;
