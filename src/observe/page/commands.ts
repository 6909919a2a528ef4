import { type Html, html } from './html.ts';
import type { Move } from './moves.ts';

/** Commands to copy, each with what it is for. The button is of use with a script only, and not shown without one. */
export function commandList(moves: readonly Move[]): Html {
  return html`<ul class="moves">${moves.map(
    ({ command, why }) =>
      html`<li data-key="${command}"><div class="command"><code tabindex="0">${command}</code><button type="button" class="copy" aria-label="Copy ${command}">Copy</button></div><p>${why}</p></li>`,
  )}</ul>`;
}
