import type { Millis } from '../core/release.ts';
import { type Condition, conditions, type Message, type Severity, type Subject } from './message.ts';

/** A condition that goes on. Times are of our own clock. */
export interface Open {
  readonly condition: Condition;
  readonly subject: Subject | null;
  readonly event: string;
  readonly summary: string;
  readonly reason: string | null;
  readonly details: Message['details'];
  readonly since: Millis;
  readonly told: Millis;
}

/** By their keys. */
export type OpenConditions = Readonly<Record<string, Open>>;

/** What is heard of one subject. */
export type Heard =
  | ({ readonly is: 'told'; readonly severity: Severity } & What)
  | ({ readonly is: 'raised'; readonly condition: Condition } & What)
  | { readonly is: 'over'; readonly condition: Condition; readonly subject: Subject | null; readonly event: string };

interface What {
  readonly subject: Subject | null;
  readonly event: string;
  readonly summary: string;
  readonly reason: string | null;
  readonly details: Message['details'];
}

export interface Moment {
  readonly now: Millis;
  /** When a condition that goes on is told again. */
  readonly repeat: Millis;
  readonly host: string;
  /** What people are told of a time of our clock. */
  iso(time: Millis): string;
  /** A new id for each message. */
  id(): string;
}

export interface Decided {
  readonly open: OpenConditions;
  readonly messages: readonly Message[];
}

/** What changes is told at once, but not more often than this: a client that ends in two ways by turns is one message, not a hundred. */
const calm: Millis = 5 * 60_000;

export const keyOf = (condition: Condition, subject: Subject | null): string =>
  subject === null ? condition : `${subject.network}/${subject.client}#${condition}`;

/** What is to be said of what was heard, and what goes on from now on. */
export function decide(open: OpenConditions, heard: Heard, moment: Moment): Decided {
  switch (heard.is) {
    case 'told':
      return { open, messages: [toldMessage(heard, moment)] };
    case 'raised':
      return raised(open, heard, moment);
    case 'over':
      return over(open, heard, moment);
  }
}

/** Conditions that have gone on for so long that they are told again. */
export function remind(open: OpenConditions, moment: Moment): Decided {
  const due = Object.entries(open).filter(([, { told }]) => moment.now - told >= moment.repeat);
  const reminded = due.map(([key, one]) => [key, { ...one, told: moment.now }] as const);
  return {
    open: { ...open, ...Object.fromEntries(reminded) },
    messages: reminded.map(([, one]) => firing(one, moment)),
  };
}

function raised(open: OpenConditions, heard: Extract<Heard, { is: 'raised' }>, moment: Moment): Decided {
  const key = keyOf(heard.condition, heard.subject);
  const before = open[key];
  const { is: _, ...what } = heard;
  const next: Open = { ...what, since: before?.since ?? moment.now, told: moment.now };
  if (before !== undefined && isQuiet(before, next, moment)) return { open, messages: [] };
  return { open: { ...open, [key]: next }, messages: [firing(next, moment)] };
}

function isQuiet(before: Open, next: Open, { now, repeat }: Moment): boolean {
  const age = now - before.told;
  return age < calm || (age < repeat && essence(before) === essence(next));
}

/** Figures (a pid, an uptime, how often) are another each time, and no news. */
const essence = ({ summary, reason }: Open): string => `${summary}\n${reason ?? ''}`.replace(/0x[0-9a-f]+|\d+/gi, '0');

function over(
  open: OpenConditions,
  { condition, subject, event }: Extract<Heard, { is: 'over' }>,
  moment: Moment,
): Decided {
  const { [keyOf(condition, subject)]: ended, ...rest } = open;
  if (ended === undefined) return { open, messages: [] };
  return {
    open: rest,
    messages: [{ ...firing(ended, moment), state: 'resolved', event, until: moment.iso(moment.now) }],
  };
}

function firing(one: Open, moment: Moment): Message {
  return {
    ...bare(one, moment),
    state: 'firing',
    severity: conditions[one.condition],
    condition: one.condition,
    key: keyOf(one.condition, one.subject),
    since: moment.iso(one.since),
    until: moment.iso(moment.now + 2 * moment.repeat),
  };
}

function toldMessage(heard: Extract<Heard, { is: 'told' }>, moment: Moment): Message {
  return {
    ...bare(heard, moment),
    state: 'told',
    severity: heard.severity,
    condition: null,
    key: null,
    since: null,
    until: null,
  };
}

const bare = ({ subject, event, summary, reason, details }: What, { now, host, iso, id }: Moment) => ({
  schema: 1 as const,
  id: id(),
  at: iso(now),
  event,
  host,
  network: subject?.network ?? null,
  client: subject?.client ?? null,
  summary,
  reason,
  next: subject === null ? 'vaultvisor status' : `vaultvisor status ${subject.network}/${subject.client}`,
  details,
});
