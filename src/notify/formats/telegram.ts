import { headline, type Message } from '../message.ts';
import { linesOf } from './lines.ts';

/** `sendMessage` of a Telegram bot: plain text, 4096 characters. What is only informative rings nobody's telephone. */
export function telegram(message: Message, chat: string): object {
  return {
    chat_id: chat,
    text: [headline(message), ...linesOf(message)].join('\n').slice(0, 4_096),
    disable_notification: message.severity === 'info',
    link_preview_options: { is_disabled: true },
  };
}
