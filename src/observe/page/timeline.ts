import { type Line, storyOf } from '../words/story.ts';
import { type Html, html } from './html.ts';
import { moment } from './pieces.ts';

/** So many of the newest stand open; the others are folded away. */
const OPEN = 6;

/** What happened to an instance, the newest first. */
export function timeline(lines: readonly Line[]): Html {
  const told = lines
    .filter(({ event }) => event !== 'decoded')
    .map((line, index, all) => withoutEcho(line, all[index - 1]))
    .toReversed();
  if (told.length === 0) return html`<p class="quiet">Nothing has happened here yet.</p>`;
  const earlier = told.slice(OPEN);
  return html`${list(told.slice(0, OPEN))}${
    earlier.length > 0 && html`<details data-key="earlier"><summary>Earlier</summary>${list(earlier)}</details>`
  }`;
}

/** A failure ends in several events of one reason: it is told once. */
const withoutEcho = (line: Line, before: Line | undefined): Line =>
  before !== undefined && before['reason'] === line['reason'] ? { ...line, reason: undefined } : line;

const list = (lines: readonly Line[]): Html => html`<ol class="timeline">${lines.map(entry)}</ol>`;

function entry(line: Line): Html {
  const { tone, words } = storyOf(line);
  const at = typeof line.at === 'string' && !Number.isNaN(Date.parse(line.at)) ? moment(line.at) : null;
  return html`<li class="${tone}" data-key="${`${line.at} ${words}`}"><p>${words}</p>${at}</li>`;
}
