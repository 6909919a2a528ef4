import type { Message } from '../message.ts';
import type { Webhook } from '../receiver.ts';
import { alertmanager } from './alertmanager.ts';
import { discord } from './discord.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';

/** What a webhook is sent, as JSON. */
export function bodyOf(message: Message, { format, chat }: Pick<Webhook, 'format' | 'chat'>): string {
  return JSON.stringify(shape(message, format, chat ?? ''));
}

function shape(message: Message, format: Webhook['format'], chat: string): object {
  switch (format) {
    case 'json':
      return message;
    case 'slack':
      return slack(message);
    case 'discord':
      return discord(message);
    case 'telegram':
      return telegram(message, chat);
    case 'alertmanager':
      return alertmanager(message);
  }
}
