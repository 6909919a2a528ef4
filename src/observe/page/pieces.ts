/** Small pieces of markup that several parts of the page share. */

import { short } from '../words/pieces.ts';
import type { Mood } from '../words/state.ts';
import { clockWords } from '../words/time.ts';
import { type Html, html } from './html.ts';

/** The same three marks as in a terminal: their shape tells them apart, not their colour alone. */
const marks = {
  well: ['●', 'Well'],
  busy: ['▲', 'On its way'],
  ill: ['✖', 'Look at it'],
} as const satisfies Record<Mood, readonly [string, string]>;

export function mark(mood: Mood): Html {
  const [sign, words] = marks[mood];
  return html`<span class="mark ${mood}" aria-hidden="true">${sign}</span><span class="unseen">${words}: </span>`;
}

/** How long something lasts by now; without a script, since when. */
export const lasting = (iso: string): Html =>
  html`<time datetime="${iso}" data-as="for">since ${clockWords(iso)}</time>`;

/** When; a script says how long ago, or in how long. */
export const moment = (iso: string): Html => html`<time datetime="${iso}" data-as="at">${clockWords(iso)}</time>`;

interface Named {
  readonly checksum: string;
  readonly version: string | null;
}

/** A release by its version, its checksum beside it; the whole of that is in the title. */
export function release({ checksum, version }: Named): Html {
  const sum = html`<code title="${checksum}">${short(checksum)}</code>`;
  return version === null ? sum : html`<span class="version" title="${version}">${clipped(version)}</span> ${sum}`;
}

/** The same for who listens. */
export const releaseInWords = ({ checksum, version }: Named): string =>
  version === null ? short(checksum) : clipped(version);

/** A version is what governance wrote, and may have no end. */
const clipped = (version: string): string => (version.length > 32 ? `${version.slice(0, 31)}…` : version);

export const placeOf = ({ network, client }: { readonly network: string; readonly client: string }): string =>
  `${network}/${client}`;
