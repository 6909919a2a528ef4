/** What `status` shows of a client, put beside what the model expects there. */
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import {
  barsOf,
  committed,
  type Edit,
  fate,
  isBarred,
  isChildWanted,
  type Model,
  next,
  type Release,
  wish,
} from './model.ts';

/** A status in the model's words; `null`: the daemon has no such client. */
export type Seen = {
  readonly phase: string;
  readonly verdict: string | null;
  readonly current: string | null;
  readonly previous: string | null;
  readonly next: string | null;
  readonly queued: string | null;
  readonly pending: string | null;
  readonly quarantined: string;
  readonly said: string;
  readonly configured: boolean;
} | null;

/** What only holds at rest. */
export interface AtRest {
  readonly child: { readonly release: string; readonly edit: Edit } | null;
  readonly ok: boolean;
}

type Name = (checksum: string) => string;

export function seen(status: InstanceStatus | undefined, name: Name): Seen {
  if (status === undefined) return null;
  const of = (one: { checksum: string } | null) => one && name(one.checksum);
  const { held, stopped, pinned } = status;
  return {
    ...{ phase: status.phase, verdict: status.verdict, configured: status.configured },
    ...{ current: of(status.current), previous: of(status.previous) },
    ...{ next: of(status.next), queued: of(status.queued), pending: of(status.pending) },
    quarantined: listed(status.quarantined.map(({ checksum }) => name(checksum))),
    said: said(held !== null, stopped, pinned && `${name(pinned.checksum)}${pinned.forever ? ' forever' : ''}`),
  };
}

export function expected(m: Model): Seen {
  if (!m.there) return null;
  const { slot, formers, pin } = m;
  const prepared = next(m)?.release ?? null;
  const trial = slot?.committed === false ? slot.of.release : null;
  return {
    phase: slot === null ? 'empty' : slot.committed ? 'running' : 'probation',
    verdict: slot?.verdict ?? null,
    configured: m.configured,
    current: committed(m)?.release ?? null,
    previous: formers[trial === null ? 0 : 1]?.release ?? null,
    next: trial ?? prepared,
    queued: trial && prepared,
    pending: m.heardPending,
    quarantined: listed(barsOf(m).map((bar) => bar.of.release)),
    said: said(m.held, m.stopped, pin && `${pin.release}${pin.forever ? ' forever' : ''}`),
  };
}

const listed = (names: readonly string[]): string => [...names].sort().join(' ');

const said = (held: boolean, stopped: boolean, pinned: string | null): string =>
  [held && 'held', stopped && 'stopped', pinned && `pinned to ${pinned}`].filter(Boolean).join(', ');

/** `null`: a client that crashes at each start is up or down, and may be either. */
export function expectedAtRest(m: Model): AtRest | null {
  const { slot } = m;
  if (slot === null || !isChildWanted(m)) return { child: null, ok: false };
  const lives = fate(slot.of, m) === 'serves' || fate(slot.of, m) === 'mute';
  return lives ? { child: slot.of, ok: isWell(m) } : null;
}

/** What `status` ends with 0 for (docs/commands.md). */
function isWell(m: Model): boolean {
  const wished: Release | null = wish(m);
  const isFree = wished === null || !isBarred(m, { release: wished, edit: m.edit });
  return m.slot?.committed === true && m.slot.verdict === 'healthy' && isFree;
}
