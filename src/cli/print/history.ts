import type { HistoryLine } from '../../observe/story/line.ts';
import { oneLine, short } from '../../observe/words/pieces.ts';
import type { Paint, Style } from './paint.ts';

const styles: Readonly<Record<string, Style>> = {
  committed: 'green',
  healthy: 'green',
  failed: 'red',
  quarantined: 'red',
  rolledBack: 'yellow',
  exited: 'yellow',
  unhealthy: 'red',
  spoiled: 'red',
  alarm: 'red',
};

/** What is said already, or says nothing to a person. */
const unsaid = new Set([
  'schema',
  'at',
  'network',
  'client',
  'event',
  'version',
  'checksum',
  'deployment',
  'uri',
  'logFrom',
]);

export function historyLine(line: HistoryLine, paint: Paint): string {
  const event = oneLine(String(line.event));
  const time = String(line.at)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const style = styles[event];
  const what = [releaseOf(line), ...detailsOf(line)].filter((part) => part !== '');
  const name = style === undefined ? event.padEnd(11) : paint(style, event.padEnd(11));
  return `${paint('dim', oneLine(time))}  ${oneLine(`${line.network}/${line.client}`)}  ${name}  ${what.join(', ')}`.trimEnd();
}

function releaseOf({ version, checksum }: HistoryLine): string {
  const sum = typeof checksum === 'string' ? short(oneLine(checksum)) : '';
  return typeof version === 'string' ? `${oneLine(version)} ${sum}`.trimEnd() : sum;
}

function detailsOf(line: HistoryLine): readonly string[] {
  return Object.entries(line).flatMap(([key, value]) =>
    unsaid.has(key) || value === null || value === undefined ? [] : [`${words(key)} ${valueWords(key, value)}`],
  );
}

/** `retryAt` as `retry at`. */
const words = (key: string): string => oneLine(key).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function valueWords(key: string, value: unknown): string {
  if ((key === 'uptime' || key === 'downtime') && typeof value === 'number') return `${Math.round(value)} ms`;
  if (key === 'from' && typeof value === 'string') return oneLine(value).slice(0, 12);
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
