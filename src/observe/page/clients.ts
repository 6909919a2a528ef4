import type { InstanceLook } from '../look.ts';
import { stateOf } from '../words/state.ts';
import { type Html, html } from './html.ts';
import { lasting, mark, placeOf, release, releaseInWords } from './pieces.ts';
import { waitsFor } from './waits.ts';

/**
 * All clients at a glance: a table, which is all that is needed to know whether to read on. On a narrow screen its rows become blocks; the roles keep
 * it a table for who listens to it.
 */
export function clientsTable(instances: readonly InstanceLook[]): Html {
  if (instances.length === 0) return html`<p class="quiet">No client is configured yet.</p>`;
  const heads = ['Client', 'State', 'Release', 'Process', 'Waits for'];
  return html`<table role="table"><caption class="unseen">All clients</caption><thead role="rowgroup"><tr role="row">${heads.map(
    (head) => html`<th role="columnheader" scope="col">${head}</th>`,
  )}</tr></thead><tbody role="rowgroup">${instances.map(row)}</tbody></table>`;
}

function row(i: InstanceLook): Html {
  const place = placeOf(i);
  const { mood, words } = stateOf(i, true);
  // with its release: an update that was through between two looks is news too
  const said = [`${place}: ${words}`, ...(i.current ? [releaseInWords(i.current)] : [])];
  const cells = [
    ['State', html`${mark(mood)}${words}`],
    ['Release', i.current && release(i.current)],
    ['Process', i.child && html`<span class="pid">${i.child.pid}</span> ${lasting(i.child.startedAt)}`],
    ['Waits for', waitsFor(i)],
  ] as const;
  return html`<tr role="row" class="${mood}" data-key="${place}" data-say="${said.join(', ')}"><th role="rowheader" scope="row"><a href="#${place}">${place}</a></th>${cells.map(
    ([label, value]) =>
      html`<td role="cell" data-label="${label}"${value === null && html` class="none"`}><div>${value ?? html`<span class="quiet">–</span>`}</div></td>`,
  )}</tr>`;
}
