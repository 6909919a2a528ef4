/**
 * The product once more, as docs/rules.md and README.md tell it to an operator, and nothing of src/: what one client of a
 * daemon is, and the questions that its rules ask. Time is left out. What happens by itself is in steps.ts, what a person does in acts.ts.
 */

/** `a`, `b`, `c` serve; `crash` dies at its start, `mute` never says that it serves, `false` has other bytes than it was named with. */
export const releases = ['a', 'b', 'c', 'crash', 'mute', 'false'] as const;
export type Release = (typeof releases)[number];

/** What the args file says of the arguments; the client refuses those of `bad` with status 2. */
export const edits = ['plain', 'more', 'bad'] as const;
export type Edit = (typeof edits)[number];

/** A release with what it is started with. */
export interface Deployment {
  readonly release: Release;
  readonly edit: Edit;
}

/** The operator's patience; each run has its own. */
export interface Patience {
  /** A chain has runtimes and names releases for the next one; a manifest does neither. */
  readonly source: 'manifest' | 'chain';
  /** `health.exits` */
  readonly exits: 2 | 3;
  readonly keep: 0 | 1 | 2;
  /** Whether a crash loop after the commit leads back (`health.rollbackWindow` of days), or never (of a millisecond). */
  readonly window: boolean;
  /** Whether status 2 forbids a restart (`restart.noRestart.exitCodes`). */
  readonly final: boolean;
  readonly allowDowngrade: boolean;
}

export interface Slot {
  readonly of: Deployment;
  readonly committed: boolean;
  readonly verdict: 'unknown' | 'healthy' | 'unhealthy' | 'down';
  readonly exits: number;
  /** Starts of the supervisor that it has seen on probation. */
  readonly boots: number;
  /** A crash loop leads back from it though it is committed. */
  readonly young: boolean;
}

/** What waits for nothing is no bar any more, and is remembered for its count. A person's no is to all edits of a release, or to one deployment. */
export type Bar =
  | { readonly by: 'failure'; readonly of: Deployment; readonly waits: 'time' | 'former' | 'nothing' }
  | { readonly by: 'person'; readonly of: Deployment; readonly all: boolean };

/** What a source says, all of it at once. */
export interface Saying {
  readonly named: Release | null;
  /** Named for the next runtime. */
  readonly pending: Release | null;
  /** The runtime; `null` where the source has none. */
  readonly spec: number | null;
}

export interface Model {
  readonly patience: Patience;
  /**
   * The world: what the source said and the daemon has not heard yet, oldest first (what is being read may be older, and some is skipped);
   * which releases crash since it was broken; what the args file says, `null`: not named there.
   */
  readonly unheard: readonly Saying[];
  readonly broken: readonly Release[];
  readonly file: Edit | null;
  /** What the daemon has heard of it. `there`: it has the client at all; `configured`: the accepted file names it. */
  readonly there: boolean;
  readonly configured: boolean;
  readonly edit: Edit;
  readonly heard: Release | null;
  readonly heardPending: Release | null;
  readonly heardSpec: number | null;
  /** Came into force together with the runtime that it was pending for. */
  readonly urgent: Release | null;
  /** What a person said. `over`: what was named when the pin was made. */
  readonly held: boolean;
  readonly stopped: boolean;
  readonly pin: { readonly release: Release; readonly over: Release | null; readonly forever: boolean } | null;
  readonly slot: Slot | null;
  /** Ways back, newest first. */
  readonly formers: readonly Deployment[];
  readonly bars: readonly Bar[];
  /** Healthy here, and under which runtime, in the order in which they were. */
  readonly proven: readonly { readonly release: Release; readonly spec: number | null }[];
}

export function begun(patience: Patience): Model {
  const first = { named: null, pending: null, spec: patience.source === 'chain' ? 1 : null };
  const world = { unheard: [first], broken: [], file: 'plain' } as const;
  const file = { there: true, configured: true, edit: 'plain' } as const;
  const heard = { ...file, heard: null, heardPending: null, heardSpec: null, urgent: null };
  return {
    ...{ patience, ...world, ...heard, held: false, stopped: false, pin: null },
    ...{ slot: null, formers: [], bars: [], proven: [] },
  };
}

/** What the source says now. */
export const saying = ({ unheard, heard, heardPending, heardSpec }: Model): Saying =>
  unheard.at(-1) ?? { named: heard, pending: heardPending, spec: heardSpec };

export const same = (one: Deployment, other: Deployment): boolean =>
  one.release === other.release && one.edit === other.edit;

/** Rule 7. */
export const isBarred = (m: Model, d: Deployment): boolean =>
  barsOf(m).some((bar) => same(bar.of, d) || (bar.by === 'person' && bar.all && bar.of.release === d.release));

/** Those that keep something out. */
export const barsOf = ({ bars }: Model): readonly Bar[] =>
  bars.filter((bar) => bar.by === 'person' || bar.waits !== 'nothing');

/** The pin, else what is named; not a downgrade where that is forbidden (rule 7). */
export function wish(m: Model): Release | null {
  if (m.pin !== null) return m.pin.release;
  return m.heard !== null && isForbidden(m, m.heard) ? null : m.heard;
}

export function isForbidden(m: Model, release: Release): boolean {
  const present = committed(m)?.release;
  if (m.patience.allowDowngrade || present === undefined || present === release) return false;
  const first = (of: Release): number => m.proven.findIndex((one) => one.release === of);
  return first(release) >= 0 && first(release) < first(present);
}

export const committed = ({ slot, formers }: Model): Deployment | null =>
  slot?.committed === false ? (formers[0] ?? null) : (slot?.of ?? null);

/** Rule 5: where there are runtimes, healthy under the present one. */
export const isProven = ({ heardSpec, proven }: Model, release: Release): boolean =>
  heardSpec === null || proven.some((one) => one.release === release && one.spec === heardSpec);

/** Rule 3: it does not wait for the verdict on what is not proven under the runtime that it came with. */
export function isUrgent(m: Model, { release }: Deployment): boolean {
  const { slot, urgent } = m;
  if (slot === null || release !== urgent || slot.of.release === release) return false;
  return !isProven(m, slot.of.release) || slot.verdict === 'unhealthy' || slot.verdict === 'down';
}

/** What should come (rule 2): the edit of what is committed, then the wish, the urgent one before; on probation, where nothing is wished, its edit. */
export function next(m: Model): Deployment | null {
  const { slot, edit } = m;
  const wished = wish(m) ?? (slot?.committed === false ? slot.of.release : null);
  const candidates = [slot?.committed ? slot.of.release : null, wished].flatMap((release) =>
    release === null ? [] : [{ release, edit }],
  );
  const urgent = candidates.filter((d) => d.release === wished && isUrgent(m, d));
  return [...urgent, ...candidates].find((d) => !(slot && same(slot.of, d)) && !isBarred(m, d)) ?? null;
}

/** Rule 3: held and stopped nothing enters; nor before the verdict on what runs now. */
export const mayEnter = (m: Model, d: Deployment): boolean =>
  !m.held && !m.stopped && (m.slot?.verdict !== 'unknown' || isUrgent(m, d));

/** Rule 5. */
export const wayBack = (m: Model, leads: (d: Deployment) => boolean = () => true): Deployment | null =>
  m.formers.find((d) => !isBarred(m, d) && (d.release === m.slot?.of.release || isProven(m, d.release)) && leads(d)) ??
  null;

export const isChildWanted = ({ there, stopped, slot }: Model): boolean =>
  there && !stopped && slot !== null && slot.verdict !== 'down';

/** What becomes of a child of this deployment, as the world is. */
export function fate({ release, edit }: Deployment, { broken }: Model): 'serves' | 'crashes' | 'mute' | 'refuses' {
  if (edit === 'bad') return 'refuses';
  if (release === 'crash' || broken.includes(release)) return 'crashes';
  return release === 'mute' ? 'mute' : 'serves';
}
