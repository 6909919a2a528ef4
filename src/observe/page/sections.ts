import type { InstanceLook, Look } from '../look.ts';
import { stateOf } from '../words/state.ts';
import type { Line } from '../words/story.ts';
import { chainList } from './chains.ts';
import { clientArticle } from './client.ts';
import { clientsTable } from './clients.ts';
import { commandList } from './commands.ts';
import { type Html, html } from './html.ts';
import { daemonMoves } from './moves.ts';
import { lasting, placeOf } from './pieces.ts';

/** What is told of one daemon: its look, and what happened to each instance. */
export interface Seen {
  readonly look: Look;
  linesOf(instance: InstanceLook): readonly Line[];
}

/** The parts of the page that change, by the id of the element that holds them: what a live page exchanges. */
export function sectionsOf({ look, linesOf }: Seen): Readonly<Record<string, string>> {
  const { daemon, instances, networks } = look;
  const parts: Readonly<Record<string, Html>> = {
    summary: summary(look),
    clients: clientsTable(instances),
    details: html`${instances.map((i) => clientArticle(i, linesOf(i)))}`,
    chains: chainList(networks),
    daemon: html`vaultvisor ${daemon.version}, pid ${daemon.pid}, running ${lasting(daemon.startedAt)}; args file <code>${daemon.file}</code>`,
  };
  return Object.fromEntries(Object.entries(parts).map(([id, { markup }]) => [id, markup]));
}

function summary({ daemon, instances }: Look): Html {
  return html`<h1>${headline(instances)}</h1>${
    daemon.refusal !== null &&
    html`<div class="trouble"><p>The args file was refused, and the one before stays in force: ${daemon.refusal}</p>${commandList(daemonMoves(daemon))}</div>`
  }`;
}

/** What is read first: whether anything is to be done at all. */
export function headline(instances: readonly InstanceLook[]): string {
  const moods = instances.map((i) => ({ place: placeOf(i), mood: stateOf(i, true).mood }));
  const ill = moods.filter(({ mood }) => mood === 'ill');
  const busy = moods.filter(({ mood }) => mood === 'busy');
  const all = moods.length;
  if (all === 0) return 'No client is configured yet.';
  if (ill.length === 1)
    return all === 1 ? 'The client wants a look.' : `One of ${all} clients wants a look: ${ill[0]?.place}.`;
  if (ill.length > 1)
    return ill.length === all ? `All ${all} clients want a look.` : `${ill.length} of ${all} clients want a look.`;
  if (busy.length === 0) return all === 1 ? 'The client is well.' : `All ${all} clients are well.`;
  if (busy.length === 1)
    return all === 1 ? 'The client is on its way.' : `One of ${all} clients is on its way: ${busy[0]?.place}.`;
  return `${busy.length} of ${all} clients are on their way.`;
}
