import { PinoPretty } from 'pino-pretty';
import { printable } from './errors.ts';

/** What a line on a terminal says already, or what only machines want: the history and the JSON log have it. */
const unsaid = ['network', 'client', 'event', 'version', 'checksum', 'uri', 'deployment', 'from', 'schema'];

/** Our own log on stderr, for people: one line for each thing that happened. */
export function prettily() {
  return PinoPretty({
    destination: 2,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    ignore: unsaid.join(','),
    messageFormat: ({ network, client, msg }) =>
      printable([[network, client].filter(Boolean).join('/'), msg].filter(Boolean).join('  ')),
  });
}
