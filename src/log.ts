import { pino } from 'pino';
import { printable, printableJsonText } from './errors.ts';
import { quietUrls } from './quiet-url.ts';

/** The part of pino's logger that the rooms use; a test may hand in its own. */
export interface Log {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
  child(bindings: object): Log;
}

/** Our own log lines, on stderr, without secrets in URLs: JSON for machines, readable on a terminal. stdout belongs to what a command answers. */
export async function createLog(options: { level: string; pretty: boolean }): Promise<Log> {
  const destination = options.pretty ? await onTerminal() : pino.destination({ dest: 2, sync: true });
  // a log that cannot be written (a full disk, a reader that has gone) must not take a supervisor down
  destination.on('error', () => {});
  const common = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const log: Log = options.pretty
    ? pino({ ...common, formatters: { log: printableIn } }, destination)
    : pino(common, { write: (line: string) => void destination.write(printableJsonText(quietUrls(line))) });
  return log;
}

/** What strangers wrote is in the values: a terminal is shown them as text. */
const printableIn = (context: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [printable(key), printableValue(value)]));

function printableValue(value: unknown): unknown {
  if (typeof value === 'string') return printable(quietUrls(value));
  if (Array.isArray(value)) return value.map(printableValue);
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? printableIn(value) : value;
}

/** Only for people: a daemon below systemd need not carry it. */
async function onTerminal() {
  const { prettily } = await import('./pretty-log.ts');
  return prettily();
}

export const silentLog: Log = pino({ level: 'silent' });
