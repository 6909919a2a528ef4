import type { NextStatus } from '../../core/instance-status.ts';
import type { InstanceLook, Waited } from '../look.ts';
import { type Html, html } from './html.ts';
import { moment, release } from './pieces.ts';

/** What the next release, or the one that is named, waits for; `null`: nothing is on its way. */
export function waitsFor(i: InstanceLook): Html | null {
  const { waiting, named, pinned, pending } = i;
  const coming = i.queued ?? i.next;
  if (coming !== null) return html`${release(coming)} ${stage(coming, waiting)}`;
  if (named !== null && waiting === 'quarantine') return html`${release(named)} is named, and in quarantine`;
  if (named !== null && waiting === 'forbidden') return html`${release(named)} is named, and not admitted`;
  if (named !== null && waiting === 'pinned' && pinned !== null)
    return html`${release(named)} is named, and a person pinned another`;
  return pending === null ? null : html`${release(pending)} waits for ${pending.waitsFor ?? 'the next runtime'}`;
}

/** How far a release is that is on its way, and what it waits for. */
export function stage({ state, waitsFor: words, retryAt }: NextStatus, waiting: Waited | null): Html {
  if (state === 'staged' && waiting === 'approval') return html`waits for your approval`;
  if (state === 'staged' && waiting === 'held') return html`is held back by a person`;
  if (state === 'staged' && waiting === 'stopped') return html`waits until the client is started again`;
  if (retryAt !== null)
    return html`could not be fetched${words !== null && html`: ${words}`}; again ${moment(retryAt)}`;
  if (words === null) return html`${stageWords[state]}`;
  // what a probe saw is a sentence, and does not read on after "waits for"
  return state === 'probation' ? html`${stageWords[state]}, not passed yet: ${words}` : html`waits for ${words}`;
}

const stageWords = {
  fetching: 'is being fetched',
  staged: 'is ready',
  switching: 'is taking over',
  probation: 'is on probation',
} as const;
