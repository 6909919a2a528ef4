import type { Notice } from '../core/notices/notice.ts';
import { printable } from '../errors.ts';
import type { Heard } from './conditions.ts';
import { meaningOf } from './events.ts';
import type { Message, Subject } from './message.ts';

/** What else a message says of an event. */
const shown = [
  'version',
  'checksum',
  'uri',
  'specVersion',
  'block',
  'account',
  'extrinsic',
  'call',
  'hours',
  'by',
  'to',
  'gate',
  'action',
  'attempts',
  'update',
  'downgrade',
] as const;

const longest = 500;

/** What an event says to people: what it ends, then what it tells or raises. */
export function heardOf(notice: Notice, subject: Subject): readonly Heard[] {
  const meaning = meaningOf(notice);
  const { event } = notice;
  const over = (meaning.ends ?? []).map((condition): Heard => ({ is: 'over', condition, subject, event }));
  const what = { subject, event, summary: meaning.summary, reason: reasonOf(notice), details: detailsOf(notice) };
  if (meaning.raises) return [...over, { is: 'raised', condition: meaning.raises, ...what }];
  return meaning.tells ? [...over, { is: 'told', severity: meaning.tells, ...what }] : over;
}

const reasonOf = ({ reason, who }: Notice): string | null =>
  textOf(reason) ?? (Array.isArray(who) ? textOf(who.join('; ')) : null);

/** Words from outside, safe to show and of a length that any receiver takes. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? printable(value).slice(0, longest) : null;

function detailsOf(notice: Notice): Message['details'] {
  const told = shown.map((key) => [key, detail(notice[key])] as const);
  return Object.fromEntries(told.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

const detail = (value: unknown): string | number | boolean | null =>
  typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value);
