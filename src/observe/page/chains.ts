import type { NetworkLook } from '../look.ts';
import { grouped, short } from '../words/pieces.ts';
import { type Html, html } from './html.ts';
import { moment } from './pieces.ts';

/** Each chain that is read: its head, its runtime, its endpoints. */
export function chainList(networks: readonly NetworkLook[]): Html {
  if (networks.length === 0) return html`<p class="quiet">No chain is read: every release comes from a manifest.</p>`;
  return html`<div class="chains">${networks.map(chain)}</div>`;
}

function chain(of: NetworkLook): Html {
  const { network, connected, finalized, heardAt, specVersion, genesis, trouble, endpoints } = of;
  return html`<article class="chain" id="chain:${network}" data-key="${network}" aria-labelledby="chain:${network}:name">
<h3 id="chain:${network}:name" tabindex="-1">${network}</h3>
${trouble !== null && html`<p class="trouble">${trouble}</p>`}
<p class="head">${
    finalized === null
      ? html`<span class="quiet">Nothing read yet</span>`
      : html`<span class="block">${grouped(finalized.number)}</span> finalised ${finalized.at !== null && moment(finalized.at)}`
  }</p>
<dl>${[
    !connected &&
      row('Connection', html`<strong>down</strong>${heardAt !== null && html`, last heard ${moment(heardAt)}`}`),
    specVersion !== null && row('Runtime', String(specVersion)),
    genesis !== null && row('Genesis', html`<code title="${genesis}">${short(genesis)}</code>`),
  ]}</dl>
<ul class="endpoints">${endpoints.map((one) => endpointItem(one, connected && one.endpoint === of.endpoint))}</ul>
</article>`;
}

function endpointItem({ endpoint, up }: NetworkLook['endpoints'][number], isInUse: boolean): Html {
  const words = up ? (isInUse ? 'answers, in use' : 'answers') : 'does not answer';
  return html`<li data-key="${endpoint}"><span class="mark ${up ? 'well' : 'ill'}" aria-hidden="true">${up ? '●' : '✖'}</span><p><code>${endpoint}</code> <span class="quiet">${words}</span></p></li>`;
}

const row = (name: string, value: Html | string): Html =>
  html`<div data-key="${name}"><dt>${name}</dt><dd>${value}</dd></div>`;
