import type { InstanceLook } from '../look.ts';
import { oneLine, releaseWords, short } from '../words/pieces.ts';
import { stateOf } from '../words/state.ts';
import type { Line } from '../words/story.ts';
import { commandList } from './commands.ts';
import { type Html, html } from './html.ts';
import { movesOf, usualMoves } from './moves.ts';
import { lasting, mark, moment, placeOf, release } from './pieces.ts';
import { timeline } from './timeline.ts';
import { stage } from './waits.ts';

/** One client: what is the matter, the facts, what may be done, and what happened. */
export function clientArticle(i: InstanceLook, lines: readonly Line[]): Html {
  const place = placeOf(i);
  const { mood, words } = stateOf(i, true);
  const moves = movesOf(i);
  return html`<article class="client ${mood}" id="${place}" data-key="${place}" aria-labelledby="${place}:name">
<header><h3 id="${place}:name" tabindex="-1">${place}</h3><p class="state">${mark(mood)}${words}</p></header>
${troubles(i).map((text) => html`<p class="trouble">${text}</p>`)}
<div class="columns"><div><h4 class="unseen">Facts</h4><dl>${facts(i).map(fact)}</dl>${quarantine(i)}
<h4>Next moves</h4>${moves.length === 0 ? html`<p class="quiet">Nothing to do.</p>` : commandList(moves)}
<details data-key="usual"><summary>At any time</summary>${commandList(usualMoves(i))}</details></div>
<div><h4>What happened</h4>${timeline(lines)}</div></div>
</article>`;
}

/** What somebody should read before anything else; each once. */
function troubles(i: InstanceLook): readonly string[] {
  const { why = null } = stateOf(i, true);
  const left = i.child === null && i.lastExit !== null && !why?.includes(i.lastExit) ? i.lastExit : null;
  const barred =
    i.waiting === 'quarantine' && i.named !== null
      ? `${releaseWords(i.named)} is what its source names, and is in quarantine`
      : null;
  const all = [i.redeem?.reason ?? null, i.trouble, i.guard?.reason ?? null, i.blocked, why, left, barred];
  return [...new Set(all.filter((text) => text !== null))].map(oneLine);
}

type Fact = readonly [name: string, value: Html | string | null];

function facts(i: InstanceLook): readonly Fact[] {
  const { child, redeem } = i;
  return [
    ['Release', i.current && release(i.current)],
    ['Named', i.named !== null && i.named.checksum !== i.current?.checksum ? release(i.named) : null],
    ['Before', i.previous && release(i.previous)],
    ['Process', child && html`pid ${child.pid}, ${lasting(child.startedAt)}`],
    ['Health', child && i.verdict && healthWords[i.verdict]],
    ['Next', i.next && html`${release(i.next)} ${stage(i.next, i.waiting)}`],
    ['Then', i.queued && html`${release(i.queued)} ${stage(i.queued, i.waiting)}`],
    ['Pending', i.pending && pendingWords(i, i.pending)],
    ['Held', i.held && (i.held.until === null ? 'until you let it go' : html`until ${moment(i.held.until)}`)],
    ['Pinned', i.pinned && pinWords(i.pinned)],
    ['Payment', redeem && html`the first is due ${moment(redeem.deadline)}`],
    [
      'Chain',
      i.chain && html`<a href="#chain:${i.network}">${i.network}</a>${!i.chain.connected && ', not connected'}`,
    ],
  ];
}

const fact = ([name, value]: Fact): Html | null =>
  value === null ? null : html`<div data-key="${name}"><dt>${name}</dt><dd>${value}</dd></div>`;

const healthWords = {
  healthy: 'healthy',
  unhealthy: 'unhealthy',
  unknown: 'not judged yet',
  gone: 'its program was lost',
  down: 'down for good',
} as const;

const pendingWords = ({ pendingStaged }: InstanceLook, pending: NonNullable<InstanceLook['pending']>): Html =>
  html`${release(pending)}, ${pendingStaged === true ? 'proved and ready' : 'not ready yet'}; ${
    pending.waitsFor === null ? 'comes with the next runtime' : `waits: ${pending.waitsFor}`
  }`;

const pinWords = ({ checksum, forever }: NonNullable<InstanceLook['pinned']>): Html =>
  html`to <code title="${checksum}">${short(checksum)}</code>${forever ? ' for ever' : ' until another release is named'}`;

function quarantine({ quarantined }: InstanceLook): Html | null {
  if (quarantined.length === 0) return null;
  const tries = (attempts: number) => (attempts === 1 ? 'tried once; ' : `tried ${attempts} times; `);
  return html`<section class="quarantine" data-key="quarantine"><h4>In quarantine</h4><ul>${quarantined.map(
    ({ checksum, reason, attempts, retryAt }) =>
      html`<li><code title="${checksum}">${short(checksum)}</code> ${reason}; <span class="quiet">${attempts > 0 && tries(attempts)}${
        retryAt === null ? 'only you let it in again.' : html`again ${moment(retryAt)}.`
      }</span></li>`,
  )}</ul></section>`;
}
