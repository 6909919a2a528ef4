import { headline, type Message } from '../message.ts';
import { linesOf } from './lines.ts';

const colours = { critical: '#c0392b', warning: '#e67e22', info: '#2980b9' } as const;
const green = '#27ae60';

/** The three characters that Slack's mrkdwn reads as more than text (https://docs.slack.dev/messaging/formatting-message-text). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An incoming webhook of Slack; Mattermost and Rocket.Chat read the same. */
export function slack(message: Message): object {
  const text = escaped(linesOf(message).join('\n'));
  return {
    text: escaped(headline(message)),
    attachments: [{ color: message.state === 'resolved' ? green : colours[message.severity], text, mrkdwn_in: [] }],
  };
}
