/** What a person, the source or the machine does to a client, as rules 3 to 9 and docs/commands.md tell it. */
import { type Deployment, isChildWanted, type Model, type Release, type Saying, saying, wayBack } from './model.ts';
import { back, begin, exited, recalled } from './steps.ts';
import type { Word } from './words.ts';

/** What becomes of it; `null`: it is refused, and nothing is changed. */
export function done(m: Model, word: Word): Model | null {
  const after = plainly(m, word);
  return after && recalled(after);
}

function plainly(m: Model, word: Word): Model | null {
  switch (word.do) {
    case 'publish':
      return told(m, { ...saying(m), named: word.release });
    case 'pend':
      return m.patience.source === 'chain' ? told(m, { ...saying(m), pending: word.release }) : m;
    case 'upgrade':
      return m.patience.source === 'chain' ? told(m, upgraded(saying(m))) : m;
    case 'withdraw':
      return told(m, { ...saying(m), named: null });
    case 'break':
      return { ...m, broken: [...m.broken.filter((one) => one !== word.release), word.release] };
    case 'fix':
      return { ...m, broken: [] };
    case 'edit':
      return { ...m, file: word.edit };
    case 'remove':
      return { ...m, file: null };
    case 'kill child':
      return isChildWanted(m) && m.slot ? exited(m, m.slot) : m;
    case 'kill daemon':
    case 'restart daemon':
      return m.there ? begin(m) : m;
    case 'apply --allow-remove':
      return m.configured ? m : { ...m, there: false };
    case 'garble':
    case 'fill disk':
    case 'free disk':
      return m;
    default:
      return m.there ? asked(m, word) : null;
  }
}

const told = (m: Model, said: Saying): Model => ({ ...m, unheard: [...m.unheard, said] });

const upgraded = ({ named, pending, spec }: Saying): Saying => ({
  named: pending ?? named,
  pending: null,
  spec: (spec ?? 0) + 1,
});

type Asked = Extract<
  Word,
  { do: 'hold' | 'unhold' | 'stop' | 'start' | 'restart' | 'rollback' | 'retry' | 'pin' | 'unpin' }
>;

function asked(m: Model, word: Asked): Model | null {
  switch (word.do) {
    case 'hold':
      return { ...m, held: true };
    case 'unhold':
      return { ...m, held: false };
    case 'stop':
      return { ...m, stopped: true };
    case 'start':
      return judgedAnew({ ...m, stopped: false });
    case 'restart':
      return m.stopped || m.slot === null ? null : judgedAnew(m);
    case 'rollback':
      return rollback(m);
    case 'retry':
      return m.bars.length === 0 ? null : { ...m, bars: [] };
    case 'pin':
      return pin(m, word.release, word.forever);
    case 'unpin':
      return { ...m, pin: null };
  }
}

/** What refused to start is started again. */
function judgedAnew(m: Model): Model {
  return m.slot?.verdict === 'down' ? { ...m, slot: { ...m.slot, verdict: 'unknown', exits: 0 } } : m;
}

/** A person's no: to the release, or, where the same release comes back, to the edit. */
function rollback(m: Model): Model | null {
  const way = wayBack(m);
  if (way === null || m.slot === null) return null;
  const of: Deployment = m.slot.of;
  return back({ ...m, bars: [...m.bars, { by: 'person', of, all: way.release !== of.release }] }, way);
}

const pin = (m: Model, release: Release, forever: boolean): Model => ({
  ...m,
  pin: { release, over: m.heard, forever },
  bars: m.bars.filter((bar) => bar.of.release !== release),
});
