/** What comes of a client by itself. Several steps may be next; in which order they come is not said. */
import {
  type Bar,
  type Deployment,
  fate,
  isBarred,
  type Model,
  mayEnter,
  next,
  type Release,
  type Saying,
  type Slot,
  same,
  wayBack,
  wish,
} from './model.ts';

/** Starts of the supervisor within one probation that are too many. */
export const BOOTS = 3;

/** Everything that may come next; nothing: it is at rest. */
export function steps(m: Model): readonly Model[] {
  const own = m.there ? [...hearing(m), ...entering(m), ...judging(m)] : [];
  return [...accepting(m), ...own].map(recalled);
}

/** The args file is read. */
function accepting(m: Model): readonly Model[] {
  const { file, there, configured } = m;
  if (file === null) return there && configured ? leaving(m) : [];
  if (!there) return [begin({ ...m, there: true, configured: true, edit: file })];
  if (!configured) return [{ ...m, configured: true }];
  return m.edit === file ? [] : [{ ...m, edit: file }];
}

/** A client that the file names no more runs on; where nothing of it ever ran, it is gone, with what was about to enter. */
function leaving(m: Model): readonly Model[] {
  if (m.slot !== null) return [{ ...m, configured: false }];
  return [m, ...entering(m)].map((one) => ({ ...one, configured: false, there: false }));
}

/** The source is read. */
function hearing(m: Model): readonly Model[] {
  return m.unheard.map((said, n) => ({ ...heard(m, said), unheard: m.unheard.slice(n + 1) }));
}

/** A pin is over when another is named than when it was made (rule 9). */
function heard(m: Model, { named, pending, spec }: Saying): Model {
  const isUpgrade = m.heardSpec !== null && m.heardSpec !== spec;
  const isUrgent = named !== null && (named === m.urgent || (isUpgrade && named === m.heardPending));
  const after = { ...m, heard: named, heardPending: pending, heardSpec: spec, pin: stillPinned(m.pin, named) };
  return { ...underRuntime(after, m.heardSpec), urgent: isUrgent ? named : null };
}

/** Rule 4: each verdict is unknown again, but that of what is down; and no failure counts, unless the runtime is only now learnt. */
function underRuntime(m: Model, before: number | null): Model {
  if (m.heardSpec === before) return m;
  const slot = m.slot && m.slot.verdict !== 'down' ? { ...m.slot, verdict: 'unknown' as const, exits: 0 } : m.slot;
  return { ...m, slot, bars: before === null ? m.bars : m.bars.filter(({ by }) => by === 'person') };
}

function stillPinned(pin: Model['pin'], named: Release | null): Model['pin'] {
  if (pin === null || pin.forever || named === null) return pin;
  if (pin.over === null) return { ...pin, over: named };
  return pin.over === named ? pin : null;
}

/** Rule 3. What is replaced was committed and becomes the first way back, or was on probation and is barred. */
function entering(m: Model): readonly Model[] {
  const of = next(m);
  if (of === null || of.release === 'false' || !mayEnter(m, of)) return [];
  const from = m.slot;
  const left = from?.committed === false ? barred(m, from.of) : m;
  const isWay = from?.committed === true && from.verdict !== 'down';
  const formers = [...(isWay ? [from.of, ...m.formers.filter((d) => !same(d, from.of))] : m.formers)];
  const slot = { of, committed: false, verdict: 'unknown', exits: 0, boots: 0, young: false } as const;
  return [{ ...left, slot, formers: formers.filter((d) => !same(d, of)) }];
}

/** Rule 4. */
function judging(m: Model): readonly Model[] {
  const { slot } = m;
  if (slot === null || m.stopped || slot.verdict === 'down') return [];
  switch (fate(slot.of, m)) {
    case 'serves':
      return slot.verdict === 'healthy' ? [] : [healthy(m, slot)];
    case 'mute':
      return slot.verdict === 'unhealthy' ? [] : [failed(m, slot)];
    case 'crashes':
      return changed(m, exited(m, slot));
    case 'refuses':
      return changed(m, m.patience.final ? refused(m, slot) : exited(m, slot));
  }
}

const changed = (before: Model, after: Model): readonly Model[] =>
  JSON.stringify(before) === JSON.stringify(after) ? [] : [after];

function healthy(m: Model, slot: Slot): Model {
  const { release } = slot.of;
  const others = [...new Set(m.formers.map((d) => d.release).filter((one) => one !== release))];
  const kept = [release, ...others.slice(0, m.patience.keep)];
  const young = slot.committed ? slot.young : m.patience.window;
  return {
    ...m,
    slot: { of: slot.of, committed: true, verdict: 'healthy', exits: 0, boots: 0, young },
    formers: m.formers.filter((d) => kept.includes(d.release)),
    bars: m.bars.filter((bar) => bar.by === 'person' || !same(bar.of, slot.of)).map(due),
    proven: proven(m, release),
  };
}

function proven(m: Model, release: Release): Model['proven'] {
  const isKnown = m.proven.some((one) => one.release === release && one.spec === m.heardSpec);
  return isKnown ? m.proven : [...m.proven, { release, spec: m.heardSpec }];
}

/** Too many exits fail on probation and within the window; else what is committed is unhealthy where it is. */
export function exited(m: Model, slot: Slot): Model {
  const counted = { ...slot, exits: Math.min(slot.exits + 1, m.patience.exits) };
  if (counted.exits < m.patience.exits) return { ...m, slot: counted };
  if (!slot.committed || slot.young) return failed(m, counted);
  const bars = slot.verdict === 'unknown' ? m.bars.map(excused) : m.bars;
  return { ...m, slot: { ...counted, verdict: 'unhealthy' }, bars };
}

/** An exit that forbids a restart (rule 10). */
const refused = (m: Model, slot: Slot): Model =>
  !slot.committed && wayBack(m) ? failed(m, slot) : { ...m, slot: { ...slot, verdict: 'down' } };

/** Back, and it is barred; with no way back it keeps the slot (rule 5). */
export function failed(m: Model, slot: Slot): Model {
  const way = wayBack(m);
  return way ? back(barred(m, slot.of), way) : { ...m, slot: { ...slot, verdict: 'unhealthy' } };
}

/** Committed at once, to be judged anew, and no further way back from there by a crash loop. */
export function back(m: Model, of: Deployment): Model {
  const slot = { of, committed: true, verdict: 'unknown', exits: 0, boots: 0, young: false } as const;
  return { ...m, slot, formers: m.formers.filter((d) => !same(d, of)) };
}

function barred(m: Model, of: Deployment): Model {
  const others = m.bars.filter((bar) => bar.by === 'person' || !same(bar.of, of));
  return { ...m, bars: [...others, { by: 'failure', of, waits: 'time' }] };
}

/** The former fails too: what failed before it waits for its health. */
const excused = (bar: Bar): Bar => (bar.by === 'failure' && bar.waits === 'time' ? { ...bar, waits: 'former' } : bar);

/** The former is healthy. */
const due = (bar: Bar): Bar => (bar.by === 'failure' && bar.waits === 'former' ? { ...bar, waits: 'nothing' } : bar);

/** Rule 6. */
export function recalled(m: Model): Model {
  const wished = wish(m);
  if (!m.there || m.slot?.committed !== false || wished === null || wished === m.slot.of.release) return m;
  const way = wayBack(m, (d) => d.release === wished);
  return way && !isBarred(m, way) ? back(m, way) : m;
}

/** The daemon takes the client up again (rule 4): exits of what is committed are forgotten, a probation has seen one more start. */
export function begin(m: Model): Model {
  const { slot } = m;
  if (slot === null) return m;
  if (slot.committed) return { ...m, slot: { ...slot, exits: 0 } };
  if (m.stopped || slot.verdict !== 'unknown') return m;
  const counted = { ...slot, boots: slot.boots + 1 };
  return counted.boots < BOOTS ? { ...m, slot: counted } : failed(m, counted);
}
