import { headline, type Message } from '../message.ts';
import { linesOf } from './lines.ts';

const colours = { critical: 0xc0392b, warning: 0xe67e22, info: 0x2980b9 } as const;
const green = 0x27ae60;

/** Discord reads Markdown; it has no business in words of a client. */
const escaped = (text: string): string => text.replace(/[\\*_~`|>#[\]()]/g, '\\$&');

/** A webhook of Discord: 256 characters in a title, 4096 in a description. Nobody is mentioned, whatever a client wrote. */
export function discord(message: Message): object {
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: headline(message).slice(0, 256),
        description: escaped(linesOf(message).join('\n')).slice(0, 4_096),
        color: message.state === 'resolved' ? green : colours[message.severity],
        timestamp: message.at,
      },
    ],
  };
}
