import { quietUrls } from '../../quiet-url.ts';
import { oneLine } from '../words/pieces.ts';
import { type HistoryLine, releaseOf, textOf } from './line.ts';

/** What a runtime said of a release: each event by its name, and what that names. One of another form is shown as it was written. */
export function chainEvents(told: unknown): string {
  if (!Array.isArray(told)) return 'none that can be read';
  return told.map((one: unknown) => chainEvent(one) ?? oneLine(JSON.stringify(one))).join('; ');
}

function chainEvent(one: unknown): string | null {
  if (typeof one !== 'object' || one === null) return null;
  const event = one as HistoryLine;
  const name = textOf(event, 'name');
  if (name === null) return null;
  const uri = textOf(event, 'uri');
  const release = textOf(event, 'checksum') === null ? '' : ` ${releaseOf(event)}`;
  return `${name}${release}${uri === null ? '' : `, from ${quietUrls(uri)}`}`;
}
